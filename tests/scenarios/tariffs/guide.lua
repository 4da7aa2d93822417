-- The worked tariffs of docs/tariff-guide.md come to what is printed there.
local ctl, worked = require "ctl", require "worked"

equal(#worked, 10)
for i, w in ipairs(worked) do
  check(w.printed, w.title .. ": a tariff, a session, and what is printed")
  local file = server.write_file("t" .. i .. (w.tariff:find "^function" and ".lua" or ".json"), w.tariff)
  local output = ctl.done("script try " .. file .. " --session " .. server.write_file("s.json", w.session))
  equal((output:gsub(" +\n", "\n")), w.printed, w.title)
  ctl.done("script check " .. file)
end

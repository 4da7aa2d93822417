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

log "written, tried, published, looked at and rolled back as it says"
local night = server.folder .. "/t2.json"
local settings = ' settings:="$(cat ' .. night .. ')"'
ctl.done("script try " .. night .. " --example night")
ctl.done("tariffs add Night currency=EUR bundled=ocpi" .. settings, "version +1\n")
ctl.done("tariffs add Own currency=EUR source=@" .. server.folder .. "/t10.lua")
ctl.done([[put /api/admin/tariffs/1/assignment '{}']])
seed.charger "CP"
seed.token "DRIVER"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
cp:start({ connector = 1, id_tag = "DRIVER", meter_start = 0 }):stop { meter_stop = 10000 }
cp:disconnect()
eventually(function() return select(2, ctl.run "transactions show 1"):find("price_state +priced") end, 10)
ctl.done("transactions show 1", "kind +description.*energy +Energy")
ctl.done("post /api/admin/transactions/1/price/check", "same +true")
ctl.done("script diff " .. night .. " --tariff 1", "difference +0.00 EUR")
ctl.done("tariffs set 1 settings:='{\"elements\": [{\"price_components\": [{\"type\": \"ENERGY\", \"price\": 9}]}]}'", "version +2\n")
ctl.done("get /api/admin/tariffs/1/versions", "version +currency")
ctl.done("tariffs set 1 from_version:=1", "version +3\n")

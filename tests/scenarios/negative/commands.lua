-- Every request that Busbar sends, asked for over REST with one rule broken at a time: 422 with the exact path, and the
-- charger hears nothing of it.
local fields = require "fields"
local negatives = require "negatives"

seed.charger "NEGATIVE"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=NEGATIVE").body.items[1].id .. "/commands"
local cp = charger { id = "NEGATIVE", silent = true }
cp:connect()
cp:boot()

local function refused(action, case)
  local what = case.what .. ": " .. case.payload
  local body = ('{"action":"%s","payload":%s,"wait_s":0}'):format(action, case.payload)
  local answer = http.post(path, body, { headers = { ["content-type"] = "application/json" } })
  equal(answer.status, 422, what)
  equal(answer.body.errors[1].path, case.path == "" and "payload" or case.path, what .. answer.text)
  equal(#answer.body.errors, case.count, what)
  check(#answer.body.errors[1].rule > 0, what)
end

local count = 0
for _, action in ipairs(fields.from_csms) do
  for _, case in ipairs(negatives.of(action)) do
    refused(action, case)
    count = count + 1
  end
end
log("%d commands that break one rule each", count)
check(count > 500)
check(cp:heartbeat().currentTime)
equal(cp:receive(0), nil)
equal(#http.get(path).body.items, 0)

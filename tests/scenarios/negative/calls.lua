-- Every request of OCPP 1.6 that a charger sends, with one rule broken at a time: the code and the path are exact, nothing
-- comes of it, and the charger goes on.
local fields = require "fields"
local negatives = require "negatives"

local id = "NEGATIVE"
seed.charger(id)
local row = http.get("/api/admin/chargers?charge_point_id=" .. id).body.items[1]
local cp = charger { id = id, silent = true }
cp:connect()
cp:boot()

local function send(action, payload)
  local message = cp:new_message_id()
  cp:send_raw(('[2,"%s","%s",%s]'):format(message, action, payload))
  return cp:expect { id = message }
end

local function refused(action, case)
  local answer = send(action, case.payload)
  local what = case.what .. ": " .. case.payload
  equal(answer.kind, "error", what)
  equal(answer.code, case.code, what)
  equal(answer.details.path, case.path, what)
  check(#answer.details.rule > 0, what)
  equal(answer.description:sub(1, #case.path), case.path, what)
end

local count = 0
for _, action in ipairs(fields.from_charger) do
  local sound = json.encode(fields.sample(fields.of(action)))
  equal(send(action, sound).kind, "result", action .. " " .. sound)
  equal(send(action, json.encode(fields.sample(fields.of(action), true))).kind, "result", action)
  for _, case in ipairs(negatives.of(action)) do
    refused(action, case)
    count = count + 1
  end
end
log("%d requests that break one rule each", count)
check(count > 700)
eventually(function()
  return http.get("/api/admin/chargers/" .. row.id).body.violations >= count
end)
equal(#http.get("/api/admin/transactions?charger=" .. id).body.items, 1)
check(cp:heartbeat().currentTime)

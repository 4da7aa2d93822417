-- Every answer of OCPP 1.6 that a charger gives, with one rule broken at a time: the command fails with the exact code and
-- path, what comes after it is not held up, and the link lives on.
local fields = require "fields"
local negatives = require "negatives"
local sendable = require "sendable"

seed.charger "NEGATIVE"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=NEGATIVE").body.items[1].id .. "/commands"
local cp = charger { id = "NEGATIVE", silent = true }
cp:connect()
cp:boot()

-- Whatever it is asked, the charger says this.
local said
for _, action in ipairs(fields.from_csms) do
  cp:on(action, false)
end
spawn(function()
  while true do
    local call = cp:expect { kind = "call" }
    cp:send_raw(('[3,"%s",%s]'):format(call.id, said))
  end
end)

local function ask(action)
  local payload = sendable[action] or fields.sample(fields.of(action), true)
  return http.post(path, { action = action, payload = payload, wait_s = 20 })
end

local function refused(action, case)
  said = case.payload
  local answer = ask(action)
  local what = case.what .. ": " .. case.payload .. " " .. answer.text
  equal(answer.status, 200, what)
  equal(answer.body.state, "failed", what)
  equal(answer.body.error.code, case.code, what)
  local place = case.path == "" and "the payload" or case.path
  check(answer.body.error.detail:find("breaks its schema: " .. place .. " ", 1, true), what)
end

local count = 0
for _, action in ipairs(fields.from_csms) do
  local response = fields.of(action .. "Response")
  said = json.encode(fields.sample(response))
  equal(ask(action).body.error, json.null, action .. said)
  said = json.encode(fields.sample(response, true))
  equal(ask(action).body.error, json.null, action .. said)
  for _, case in ipairs(negatives.of(action .. "Response")) do
    refused(action, case)
    count = count + 1
  end
end
log("%d answers that break one rule each", count)
check(count > 600)
check(cp:heartbeat().currentTime)

-- Every answer of OCPP 1.6 that a charger gives, with one rule broken at a time: the command fails with the exact code and
-- path, what comes after it is not held up, and the link lives on.
local fields = require "fields"
local negatives = require "negatives"
local sendable = require "sendable"

seed.charger "NEGATIVE"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=NEGATIVE").body.items[1].id
local cp = charger { id = "NEGATIVE", silent = true }
cp:connect()
cp:boot()

local function ask(action, answered)
  cp:on(action, answered)
  local payload = sendable[action] or fields.sample(fields.of(action), true)
  return http.post(path .. "/commands", { action = action, payload = payload, wait_s = 20 })
end

local function refused(action, case)
  local answer = ask(action, case.payload)
  local what = case.what .. ": " .. case.payload .. " " .. answer.text
  equal(answer.status, 200, what)
  equal(answer.body.state, "failed", what)
  equal(answer.body.error.code, case.code, what)
  local place = case.path == "" and "the payload" or case.path
  check(answer.body.error.detail:find("breaks its schema: " .. place .. " ", 1, true), what)
end

local count, faults = 0, 0
for _, action in ipairs(fields.from_csms) do
  local response = fields.of(action .. "Response")
  for _, least in ipairs { false, true } do
    local sound = json.encode(fields.sample(response, least))
    equal(ask(action, sound).body.error, json.null, action .. sound)
  end
  for _, case in ipairs(negatives.of(action .. "Response")) do
    refused(action, case)
    count, faults = count + 1, faults + case.count
  end
end
log("%d answers that break one rule each", count)
check(count > 600)
eventually(function()
  return http.get(path).body.violations >= faults
end)
check(cp:heartbeat().currentTime)

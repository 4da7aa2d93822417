-- A charger answers each kind of command with an error: the command has failed with what the charger said, whoever keeps
-- something of its own about it says so too, and the next command is sent.
local fields = require "fields"

seed.charger "ERRORS"
seed.token "ERRORS"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=ERRORS").body.items[1].id
local cp = charger { id = "ERRORS", silent = true }
cp:connect()
cp:boot()
local session = cp:start { id_tag = "ERRORS", meter_start = 0 }

local payloads = setmetatable({ RemoteStopTransaction = { transactionId = session.id } }, { __index = require "sendable" })

local errors = {
  { "NotImplemented", "unknown" }, { "NotSupported", "not here" }, { "InternalError", "" }, { "GenericError", "ß€😀" },
  { "SecurityError", ("x"):rep(255) }, { "OccurrenceConstraintViolation", "by the name that OCPP 2 gives it" },
}

local function command(action, payload)
  local text = next(payload) and json.encode(payload) or "{}"
  return http.post(path .. "/commands", ('{"action":"%s","payload":%s,"wait_s":20}'):format(action, text),
    { headers = { ["Content-Type"] = "application/json" } })
end

local function fails_with(action, e)
  cp:on(action, function()
    return nil, e[1], e[2]
  end)
  local answer = command(action, payloads[action] or fields.sample(fields.of(action), true))
  if answer.status == 422 and answer.body.detail:find("NotSupported", 1, true) then
    return false
  end
  equal(answer.status, 200, action .. ": " .. answer.text)
  local failed = { state = "failed", response = json.null, error = { code = e[1], detail = e[2] } }
  matches(answer.body, failed, action)
  matches(http.get("/api/admin/commands/" .. answer.body.id).body, failed, action)
  return true
end

local told = 0
for _, action in ipairs(fields.from_csms) do
  for _, e in ipairs(errors) do
    told = told + (fails_with(action, e) and 1 or 0)
  end
  cp:on(action)
  check(cp:heartbeat().currentTime, action)
end
log("%d commands failed", told)
check(told >= 17 * #errors)

log "what is kept of them has failed too"
for _, kept in ipairs {
  { "reservations", "rejected" }, { "charging-profiles", "failed" }, { "firmware-jobs", "failed" }, { "diagnostics-jobs", "failed" },
} do
  local items = http.get(path .. "/" .. kept[1]).body.items
  check(#items > 0, kept[1])
  for _, item in ipairs(items) do
    equal(item.state, kept[2], kept[1])
  end
end

log "the session goes on, and so do commands"
equal(command("RemoteStopTransaction", payloads.RemoteStopTransaction).body.state, "accepted")
eventually(function()
  return http.get("/api/admin/transactions/" .. session.id).body.state == "completed"
end)

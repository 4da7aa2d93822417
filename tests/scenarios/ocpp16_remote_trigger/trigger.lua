-- Asking a charger to send a message: every message, every answer, and what is never sent.
seed.charger "TRIG1"
local cp = charger { id = "TRIG1", connectors = 2 }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=TRIG1").body.items[1].id

local seen = {}
local function answer(status)
  cp:on("TriggerMessage", function(payload)
    seen[#seen + 1] = payload
    return { status = status }
  end)
end

log "a plain charger sends what it is asked for"
matches(http.post(base .. "/trigger", { message = "MeterValues", connector_id = 2 }),
  { status = 200, body = { state = "accepted", response = { status = "Accepted" }, error = json.null } })
eventually(function()
  return #http.get(base .. "/messages?action=MeterValues&direction=in").body.items == 1
end)
matches(http.post(base .. "/trigger", { message = "BootNotification" }), { status = 200, body = { state = "accepted" } })
eventually(function()
  return #http.get(base .. "/messages?action=BootNotification&direction=in").body.items == 2
end)

log "every message, as the specification spells it"
answer "Accepted"
for _, message in ipairs { "BootNotification", "DiagnosticsStatusNotification", "FirmwareStatusNotification", "Heartbeat", "MeterValues", "StatusNotification" } do
  seen = {}
  matches(http.post(base .. "/trigger", { message = message }), { status = 200, body = { state = "accepted" } })
  equal(#seen, 1)
  equal(seen[1].requestedMessage, message)
  equal(seen[1].connectorId, nil)
end
seen = {}
http.post(base .. "/trigger", { message = "StatusNotification", connector_id = 1 })
matches(seen[1], { requestedMessage = "StatusNotification", connectorId = 1 })

log "a charger that will not, or cannot"
answer "Rejected"
matches(http.post(base .. "/trigger", { message = "MeterValues", connector_id = 1 }),
  { status = 200, body = { state = "rejected", response = { status = "Rejected" } } })
answer "NotImplemented"
matches(http.post(base .. "/trigger", { message = "FirmwareStatusNotification" }),
  { status = 200, body = { state = "rejected", response = { status = "NotImplemented" } } })
cp:on("TriggerMessage", function()
  return nil, "NotSupported", "no such profile"
end)
matches(http.post(base .. "/trigger", { message = "Heartbeat" }),
  { status = 200, body = { state = "failed", response = json.null, error = { code = "NotSupported" } } })

log "what is never sent"
answer "Accepted"
seen = {}
local raw = base .. "/commands"
equal(http.post(base .. "/trigger", { message = "Reset" }).status, 422)
equal(http.post(base .. "/trigger", { message = "StatusNotification", connector_id = 0 }).status, 422)
equal(http.post(base .. "/trigger", { connector_id = 1 }).status, 422)
local wrong = http.post(base .. "/trigger", { message = "Heartbeat", connector_id = 1 })
equal(wrong.status, 422)
equal(wrong.body.errors[1].path, "connectorId")
matches(http.post(raw, { action = "TriggerMessage", payload = { requestedMessage = "StatusNotification", connectorId = 0 } }),
  { status = 422, body = { errors = { { path = "connectorId" } } } })
equal(http.post(raw, { action = "TriggerMessage", payload = { requestedMessage = "BootNotification", connectorId = 1 } }).status, 422)
equal(http.post("/api/admin/chargers/999/trigger", { message = "Heartbeat" }).status, 404)
equal(#seen, 0)
matches(http.post(raw, { action = "TriggerMessage", payload = { requestedMessage = "MeterValues", connectorId = 2 } }),
  { status = 200, body = { state = "accepted" } })

log "kept for a charger that is away, also across kill -9"
cp:disconnect()
equal(http.post(base .. "/trigger", { message = "Heartbeat" }).status, 409)
local queued = http.post(base .. "/trigger", { message = "Heartbeat", if_offline = "queue", wait_s = 0 })
matches(queued, { status = 202, body = { state = "queued" } })
server.kill()
server.start()
seen = {}
cp:reconnect()
cp:boot()
eventually(function()
  return http.get("/api/admin/commands/" .. queued.body.id).body.state == "accepted"
end)
equal(#seen, 1)

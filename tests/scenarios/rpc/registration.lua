-- What a charger may send, and what it is sent, while it is pending and while it is rejected.
seed.token "REGISTERED"
local path

local function make(registration)
  local id = "REG-" .. registration
  local made = http.post("/api/admin/chargers", { charge_point_id = id, registration = registration })
  equal(made.status, 201)
  path = "/api/admin/chargers/" .. made.body.id
  local cp = charger { id = id, silent = true }
  cp:connect()
  return cp
end

local function command(action, payload, extra)
  local body = { action = action, payload = payload or {} }
  for key, value in pairs(extra or {}) do
    body[key] = value
  end
  return http.post(path .. "/commands", body)
end

local time = "2026-11-21T10:00:00Z"
local start = { connectorId = 1, idTag = "REGISTERED", meterStart = 0, timestamp = time }
local meter = { connectorId = 1, meterValue = { { timestamp = time, sampledValue = { { value = "1" } } } } }

local function report(cp)
  local started = cp:demand("StartTransaction", start)
  equal(started.idTagInfo.status, "Invalid")
  meter.transactionId = started.transactionId
  cp:demand("MeterValues", meter)
  cp:demand("StopTransaction", { transactionId = started.transactionId, meterStop = 500, timestamp = now(0) })
  matches(http.get("/api/admin/transactions/" .. started.transactionId).body, { energy_wh = 500, state = "completed" })
end

log "pending"
local cp = make "pending"
local booted = cp:boot()
equal(booted.status, "Pending")
check(booted.interval > 0)
equal(cp:demand("Authorize", { idTag = "REGISTERED" }).idTagInfo.status, "Invalid")
report(cp)
cp:demand("StatusNotification", { connectorId = 1, errorCode = "NoError", status = "Available" })
check(cp:demand("Heartbeat", {}).currentTime)

log "pending: it may be asked and set, not to charge"
equal(command("GetConfiguration").body.state, "accepted")
equal(command("ChangeConfiguration", { key = "HeartbeatInterval", value = "60" }).body.state, "accepted")
equal(command("TriggerMessage", { requestedMessage = "BootNotification" }).body.state, "accepted")
equal(cp:expect({ action = "TriggerMessage" }).payload.requestedMessage, "BootNotification")
while cp:receive(0) do
end
for action, payload in pairs {
  RemoteStartTransaction = { idTag = "REGISTERED", connectorId = 1 },
  RemoteStopTransaction = { transactionId = 1 },
} do
  equal(command(action, payload).status, 409)
  equal(command(action, payload, { if_offline = "queue", wait_s = 0 }).status, 409)
end
cp:heartbeat()
equal(cp:receive(0), nil)

log "accepted: it boots again, and charges"
equal(http.put(path, { registration = "accepted" }).status, 200)
cp:wait_closed()
cp:connect()
equal(cp:boot().status, "Accepted")
equal(cp:demand("Authorize", { idTag = "REGISTERED" }).idTagInfo.status, "Accepted")
equal(command("RemoteStartTransaction", { idTag = "REGISTERED", connectorId = 1 }).body.state, "accepted")

log "rejected: what has happened is kept, all else is refused"
cp = make "rejected"
booted = cp:boot()
equal(booted.status, "Rejected")
check(booted.interval > 0)
report(cp)
for action, payload in pairs {
  Authorize = { idTag = "REGISTERED" },
  DataTransfer = { vendorId = "v" },
  Heartbeat = {},
  StatusNotification = { connectorId = 1, errorCode = "NoError", status = "Available" },
} do
  local _, err = cp:call(action, payload)
  equal(err and err.code, "SecurityError", action)
end

log "rejected: it is sent nothing, now or later"
equal(command("GetConfiguration").status, 409)
equal(command("GetConfiguration", {}, { if_offline = "queue", wait_s = 0 }).status, 409)
equal(command("TriggerMessage", { requestedMessage = "BootNotification" }).status, 409)
equal(cp:boot().status, "Rejected")

log "rejected while a command waits: it has failed once the charger is there"
cp:disconnect()
equal(http.put(path, { registration = "accepted" }).status, 200)
local waiting = command("GetConfiguration", {}, { if_offline = "queue", wait_s = 0 })
equal(waiting.status, 202)
equal(http.put(path, { registration = "rejected" }).status, 200)
cp:connect()
equal(cp:boot().status, "Rejected")
local over = eventually(function()
  local c = http.get("/api/admin/commands/" .. waiting.body.id).body
  return c.state ~= "queued" and c
end)
matches(over, { state = "failed", error = { code = json.null, detail = "the charger is rejected" } })
while cp:receive(0) do
end
equal(cp:boot().status, "Rejected")
equal(cp:receive(0), nil)

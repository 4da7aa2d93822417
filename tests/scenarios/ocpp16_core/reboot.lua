-- A charger reboots while it charges. Its transaction is in doubt, not failed, and ends or goes on by what comes next.
seed.charger "C16-REBOOT"
seed.token "C16-R"
local cp = charger { id = "C16-REBOOT" }
cp:connect()
cp:boot()

local function newest()
  return http.get("/api/admin/transactions?charger=C16-REBOOT").body.items[1]
end

local meter = 0

-- A session with one sample, 500 Wh in, and the power goes.
local function interrupted()
  meter = meter + 1000
  local id = cp:demand("StartTransaction", {
    connectorId = 1,
    idTag = "C16-R",
    meterStart = meter,
    timestamp = cp:now(),
  }).transactionId
  cp:demand("MeterValues", {
    connectorId = 1,
    transactionId = id,
    meterValue = { { timestamp = cp:now(), sampledValue = { { value = tostring(meter + 500) } } } },
  })
  cp:drop()
  cp:reconnect()
  equal(cp:boot().status, "Accepted")
  equal(newest().protocol_id, tostring(id))
  equal(newest().state, "pending_reconciliation")
  return id
end

local function status(value)
  cp:demand("StatusNotification", { connectorId = 1, status = value, errorCode = "NoError", timestamp = cp:now() })
end

local function stop(id, energy, reason)
  cp:demand("StopTransaction", {
    transactionId = id,
    meterStop = meter + energy,
    timestamp = cp:now(),
    reason = reason,
  })
end

-- The late stop ends it.
local id = interrupted()
stop(id, 600, "PowerLoss")
equal(newest().state, "completed")
equal(newest().energy_wh, 600)
equal(newest().estimated, false)
equal(newest().stop_reason, "PowerLoss")

-- Preparing proves nothing, Available proves it over; the late stop still has the last word.
id = interrupted()
status "Preparing"
equal(newest().state, "pending_reconciliation")
status "Available"
equal(newest().state, "completed")
equal(newest().estimated, true)
equal(newest().energy_wh, 500)
stop(id, 650, "PowerLoss")
equal(newest().estimated, false)
equal(newest().energy_wh, 650)

-- It goes on: by its status, and by a register that moves on under its id.
id = interrupted()
status "Charging"
equal(newest().state, "active")
stop(id, 700)
equal(newest().energy_wh, 700)

id = interrupted()
local function sample(wh)
  cp:demand("MeterValues", {
    connectorId = 1,
    transactionId = id,
    meterValue = { { timestamp = cp:now(), sampledValue = { { value = tostring(meter + wh) } } } },
  })
end
sample(500)
equal(newest().state, "pending_reconciliation", "an idle register proves nothing")
sample(501)
equal(newest().state, "active")
stop(id, 800)
equal(newest().energy_wh, 800)

-- A new start on the connector ends it.
id = interrupted()
local next_id = interrupted()
check(next_id ~= id)
local items = http.get("/api/admin/transactions?charger=C16-REBOOT").body.items
equal(items[2].protocol_id, tostring(id))
equal(items[2].state, "completed")
equal(items[2].estimated, true)
equal(items[2].energy_wh, 500)
stop(next_id, 900)

-- Without a boot, Available before the stop only casts doubt.
meter = meter + 1000
id = cp:demand("StartTransaction", {
  connectorId = 1,
  idTag = "C16-R",
  meterStart = meter,
  timestamp = cp:now(),
}).transactionId
status "Available"
equal(newest().state, "pending_reconciliation")
stop(id, 10)
equal(newest().state, "completed")
equal(newest().estimated, false)

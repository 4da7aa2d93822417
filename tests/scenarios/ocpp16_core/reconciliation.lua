-- A transaction in doubt that nobody ends: after the configured time it ends with its last reading.
settings { config = { ocpp16_core = { reconcile_after = "1s", reconcile_every = "200ms" } } }

seed.charger "C16-DOUBT"
seed.token "C16-D"
local cp = charger { id = "C16-DOUBT", connectors = 2 }
cp:connect()
cp:boot()

local function start(connector, tag)
  return cp:demand("StartTransaction", {
    connectorId = connector,
    idTag = tag,
    meterStart = 100,
    timestamp = cp:now(),
  }).transactionId
end

local function newest()
  return http.get("/api/admin/transactions?charger=C16-DOUBT").body.items[1]
end

local id = start(1, "C16-D")
cp:demand("MeterValues", {
  connectorId = 1,
  transactionId = id,
  meterValue = { { timestamp = cp:now(), sampledValue = { { value = "400" } } } },
})
cp:boot()
equal(newest().state, "pending_reconciliation")
local t = eventually(function()
  local now = newest()
  return now.state == "completed" and now
end)
equal(t.estimated, true)
equal(t.energy_wh, 300)
equal(t.flags[1], "estimated")

-- The charger knew better: replaced.
cp:demand("StopTransaction", { transactionId = id, meterStop = 450, timestamp = cp:now(-1) })
equal(newest().energy_wh, 350)
equal(newest().estimated, false)

-- A charger with lenient validation: what breaks the schema is logged, and what can be used of it is used.
seed.charger { charge_point_id = "C16-LENIENT", validation = "lenient" }
seed.token "C16-L"
local cp = charger { id = "C16-LENIENT" }
cp:connect()

local function newest()
  return http.get("/api/admin/transactions?charger=C16-LENIENT").body.items[1]
end

equal(
  cp:demand("BootNotification", {
    chargePointVendor = "Acme",
    chargePointModel = "A model whose name is much too long",
    chargePointSerialNumber = ("9"):rep(33),
  }).status,
  "Accepted"
)
equal(http.get("/api/admin/chargers?charge_point_id=C16-LENIENT").body.items[1].serial_number, ("9"):rep(33))

-- An unknown error, a time without a zone, a member of its own.
equal(
  cp:demand("StatusNotification", {
    connectorId = 1,
    status = "Preparing",
    errorCode = "Error",
    colour = "red",
    timestamp = "2026-01-01T08:00:00",
  }),
  {}
)
local id = http.get("/api/admin/chargers?charge_point_id=C16-LENIENT").body.items[1].id
local connector = http.get("/api/admin/chargers/" .. id).body.connectors[1]
equal(connector.status_at, "2026-01-01T08:00:00.000Z")
equal(connector.error_code, "Error")

-- A time that is none, a unit that nobody knows, a token that is too long.
local started =
  cp:demand("StartTransaction", { connectorId = 1, idTag = "C16-L", meterStart = 100, timestamp = "yesterday" })
equal(started.idTagInfo.status, "Accepted")
equal(newest().flags[1], "clock")
equal(
  cp:demand("MeterValues", {
    connectorId = 1,
    transactionId = started.transactionId,
    meterValue = {
      {
        timestamp = cp:now(),
        sampledValue = { { value = "150" }, { value = "50", measurand = "Frequency", unit = "Hertz" } },
      },
    },
  }),
  {}
)
equal(newest().meter_last_wh, 150)
equal(
  cp:demand("StopTransaction", {
    transactionId = started.transactionId,
    idTag = ("x"):rep(40),
    meterStop = 200,
    timestamp = cp:now(),
    reason = "Boredom",
  }).idTagInfo.status,
  "Invalid"
)
equal(newest().state, "completed")
equal(newest().energy_wh, 100)
equal(newest().stop_reason, "Boredom")

-- Meter values as chargers send them: with and without ids, in all units, empty, and no numbers at all.
seed.charger "C16-METER"
seed.token "C16-M"
local cp = charger { id = "C16-METER", connectors = 2 }
cp:connect()
cp:boot()

local id = cp:demand("StartTransaction", {
  connectorId = 1,
  idTag = "C16-M",
  meterStart = 1000,
  timestamp = cp:now(-60),
}).transactionId

local function transaction()
  return http.get("/api/admin/transactions?charger=C16-METER").body.items[1]
end

local function values()
  return http.get("/api/admin/transactions/" .. transaction().id .. "/meter-values").body.items
end

local function send(connector, transaction_id, list, timestamp)
  equal(
    cp:demand("MeterValues", {
      connectorId = connector,
      transactionId = transaction_id,
      meterValue = { { timestamp = timestamp or cp:now(), sampledValue = list } },
    }),
    {}
  )
end

local full = {
  { value = "1.5", unit = "kWh" },
  { value = "7.4", unit = "kW", measurand = "Power.Active.Import" },
  { value = "16.1", unit = "A", measurand = "Current.Import", phase = "L1" },
  { value = "15.9", unit = "A", measurand = "Current.Import", phase = "L2" },
  { value = "230.5", unit = "V", measurand = "Voltage", phase = "L1-N" },
  { value = "55", unit = "Percent", measurand = "SoC", location = "EV" },
}
local at = cp:now(-50)
send(1, id, full, at)
local v = values()[1]
equal(v.energy_wh, 1500)
equal(v.power_w, 7400)
equal(v.current_ma, 16100)
equal(v.voltage_mv, 230500)
equal(v.soc_percent, 55)
equal(#v.sample.sampledValue, 6, "the whole sample is kept")
equal(transaction().meter_last_wh, 1500)

-- Repeated, it is stored once.
send(1, id, full, at)
equal(#values(), 1)

-- Without an id, or with one that is none, it is the connector's transaction.
local n, reading = 1, 1500
for _, wrong in ipairs { false, 0, -1, 424242 } do
  n, reading = n + 1, reading + 10
  send(1, wrong or nil, { { value = tostring(reading) } }, cp:now(-50 + n))
  equal(#values(), n)
  equal(transaction().meter_last_wh, reading)
end

-- Phases add up.
send(1, id, {
  { value = "600", phase = "L1" },
  { value = "500", phase = "L2" },
  { value = "500", phase = "L3" },
}, cp:now(-40))
equal(transaction().meter_last_wh, 1600)
n = n + 1

-- An older sample is stored and is not the newest.
send(1, id, { { value = "1550" } }, cp:now(-45))
equal(transaction().meter_last_wh, 1600)
n = n + 1

-- What is no number is kept.
send(1, id, { { value = "abc" }, { value = "OCMF|{}", format = "SignedData" } }, cp:now(-35))
n = n + 1
equal(#values(), n)
equal(values()[n].energy_wh, json.null)
equal(values()[n].sample.sampledValue[1].value, "abc")

-- A clock in 1970: the time of receipt, the original in the sample; once, too.
for _ = 1, 2 do
  send(1, id, { { value = "1700" } }, "1970-01-01T00:03:00Z")
end
n = n + 1
equal(#values(), n)
equal(values()[n].sample.timestamp, "1970-01-01T00:03:00Z")
check(values()[n].sampled_at > at)
equal(transaction().meter_last_wh, 1700)

-- The other connector, the main meter and empty lists are not the transaction's.
send(2, nil, { { value = "99999" } })
send(0, nil, { { value = "99999" } })
equal(cp:demand("MeterValues", { connectorId = 1, transactionId = id, meterValue = array {} }), {})
send(1, id, array {})
equal(#values(), n)
equal(transaction().meter_last_wh, 1700)

-- After the stop, idle values under the old id are nobody's.
cp:demand("StopTransaction", { transactionId = id, meterStop = 1800, timestamp = cp:now() })
send(1, id, { { value = "1800" } }, cp:now(60))
equal(#values(), n)
equal(transaction().energy_wh, 800)
equal(transaction().meter_last_wh, 1700)

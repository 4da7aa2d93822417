-- A car comes, charges 10 kWh and leaves; the session is in the database, with its meter values and its price.
local id = arg[1] or "STORY-FULL"
local registered = seed.charger { charge_point_id = id, password = "a-long-password" }
seed.token "STORY-DRIVER"
local tariff = seed.tariff {
  name = "Story, per kWh",
  currency = "EUR",
  bundled = "flat",
  settings = { price_per_kwh_minor = 39, session_fee_minor = 100 },
}
http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", { charger_id = registered.id })

local cp = charger { id = id, password = "a-long-password", connectors = 2, serial = "S-1", firmware = "1.0" }
cp:connect()
local boot = cp:boot()
equal(boot.status, "Accepted")
check(boot.interval > 0, "the heartbeat interval")
cp:report_connectors()
check(cp:heartbeat().currentTime:find "Z$", "the time in UTC")

-- The driver plugs in and shows the card.
cp:status(1, "Preparing")
equal(cp:authorize("STORY-DRIVER").status, "Accepted")
local session = cp:start { connector = 1, id_tag = "STORY-DRIVER", meter_start = 20000 }
equal(session.status, "Accepted")
check(session.id > 0, "a positive transactionId")
cp:status(1, "Charging")

for minute = 1, 4 do
  session:meter { energy_wh = 20000 + minute * 2500, power_w = 11000, voltage_v = 230, soc = 20 + minute * 10 }
end

cp:status(1, "SuspendedEV")
session:stop { meter_stop = 30000, reason = "EVDisconnected", id_tag = "STORY-DRIVER" }
cp:status(1, "Finishing")
cp:status(1, "Available")

-- What the operator sees.
local path = "/api/admin/transactions?charger=" .. escape(id)
local transaction = http.get(path).body.items[1]
matches(transaction, {
  charge_point_id = id,
  connector_id = 1,
  id_tag = "STORY-DRIVER",
  protocol_id = tostring(session.id),
  state = "completed",
  meter_start_wh = 20000,
  meter_stop_wh = 30000,
  energy_wh = 10000,
  stop_reason = "EVDisconnected",
  estimated = false,
})
local values = http.get("/api/admin/transactions/" .. transaction.id .. "/meter-values").body.items
equal(#values, 4, "meter values")
matches(values[1], { power_w = 11000, voltage_mv = 230000 })

local priced = eventually(function()
  local t = http.get("/api/admin/transactions/" .. transaction.id).body
  return t.price_state ~= "none" and t
end)
matches(priced, { price_state = "priced", price = { amount_minor = 490, currency = "EUR" } })
matches(priced.price_lines, {
  { kind = "flat", amount = { amount_minor = 100 } },
  { kind = "energy", quantity = 10, amount = { amount_minor = 390 } },
})

local seen = http.get("/api/admin/chargers?charge_point_id=" .. escape(id)).body.items[1]
matches(seen, { connected = true, model = "Simulator", serial_number = "S-1", firmware_version = "1.0" })
cp:disconnect()

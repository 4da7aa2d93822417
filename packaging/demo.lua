-- The quick start's session: a station, a charger, a token and a tariff over REST, then one charger
-- that charges 12.4 kWh of a car's day, and the bill.
local id = "DEMO-" .. os.time()

seed.token "DEMO-TOKEN"
local created = seed.charger { charge_point_id = id, password = "demo-password-1234" }
local tariff = seed.tariff {
  name = "Demo, per kWh", currency = "EUR", bundled = "flat",
  settings = { price_per_kwh_minor = 39, session_fee_minor = 100 },
}
http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", { charger_id = created.id })

local cp = charger { id = id, password = "demo-password-1234", time_offset = -3600 }
cp:connect()
cp:boot()
cp:status(1, "Available")
cp:authorize "DEMO-TOKEN"
cp:status(1, "Preparing")
local session = cp:start { connector = 1, id_tag = "DEMO-TOKEN", meter_start = 51200 }
cp:status(1, "Charging")
for i = 1, 5 do
  cp.time_offset = -3600 + i * 600
  session:meter { energy_wh = 51200 + i * 2480, power_w = 14880 }
end
session:stop { meter_stop = 63600, reason = "EVDisconnected" }
cp:status(1, "Available")
cp:disconnect()

local path = "/api/admin/transactions?charger=" .. id
local transaction
for _ = 1, 100 do
  transaction = http.get(path).body.items[1]
  if transaction and transaction.price_state ~= "none" then break end
  wait(0.1)
end
transaction = http.get("/api/admin/transactions/" .. transaction.id).body
check(transaction.price_state == "priced", "the session was not priced")

local function money(minor, currency)
  return string.format("%8.2f %s", minor / 100, currency)
end
print(string.format("transaction %d   charger %s   token %s", transaction.id, id, transaction.id_tag))
print(string.format("  from %s to %s", transaction.started_at, transaction.stopped_at))
print(string.format("  %.3f kWh, meter %d Wh to %d Wh", transaction.energy_wh / 1000,
  transaction.meter_start_wh, transaction.meter_stop_wh))
for _, line in ipairs(transaction.price_lines) do
  print(string.format("  %-40s %s", line.description, money(line.amount.amount_minor, line.amount.currency)))
end
print(string.format("  %-40s %s", "total", money(transaction.price.amount_minor, transaction.price.currency)))
print(string.format("  %s/api/admin/transactions/%d", os.getenv "BUSBAR_URL", transaction.id))

-- A night at a station in Berlin: energy by the local time of day, and a car that stays when it is full.
local made = seed.tariff {
  name = "Night", currency = "EUR", bundled = "time_and_idle",
  settings = {
    price_per_kwh_minor = 50, idle_per_minute_minor = 10, idle_grace_s = 600, tax_percent = 20,
    periods = { { from = "00:00", to = "24:00", price_per_kwh_minor = 30, name = "all day" } },
  },
}
local station = http.post("/api/admin/stations", { name = "Harbour", time_zone = "Europe/Berlin" }).body
local created = seed.charger { charge_point_id = "CP", station_id = station.id }
equal(http.put("/api/admin/tariffs/" .. made.id .. "/assignment", { charger_id = created.id }).status, 200)
seed.token "DRIVER"

local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local hour = 3600
cp:status { connector = 1, status = "Preparing", timestamp = now(-3 * hour - 60) }
local session = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 5000, timestamp = now(-3 * hour) }
cp:status { connector = 1, status = "Charging", timestamp = now(-3 * hour) }
session:meter { energy_wh = 15000, timestamp = now(-2 * hour) }
cp:status { connector = 1, status = "SuspendedEV", timestamp = now(-1 * hour) }
session:stop { meter_stop = 25000, timestamp = now(0) }
cp:status { connector = 1, status = "Finishing", timestamp = now(0) }
cp:disconnect()

local item
eventually(function()
  item = http.get("/api/admin/transactions?charger=CP").body.items[1]
  return item.price_state ~= "none"
end)
item = http.get("/api/admin/transactions/" .. item.id).body
equal(item.price_error, json.null)
local kinds = {}
for i, line in ipairs(item.price_lines) do kinds[i] = line.kind end
equal(table.concat(kinds, " "), "energy idle tax")
matches(item.price_lines[1], { description = "Energy, all day", quantity = 20, unit = "kWh", unit_price_minor = 30, amount = { amount_minor = 600 } })
check(math.abs(item.price_lines[2].amount.amount_minor - 500) <= 10, "an idle hour less the grace: " .. show(item.price_lines[2]))
local net = 600 + item.price_lines[2].amount.amount_minor
equal(item.price.amount_minor, net + item.price_lines[3].amount.amount_minor)

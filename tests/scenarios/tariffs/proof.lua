-- Many sessions under many tariffs. Whatever changes afterwards, each price is computed again, line by line, from what is kept.
local function ocpi(...)
  return { bundled = "ocpi", settings = { elements = { ... } } }
end
local function energy(price, restrictions, vat)
  return { price_components = { { type = "ENERGY", price = price, vat = vat } }, restrictions = restrictions }
end
local tariffs = {
  { bundled = "flat", settings = { price_per_kwh_minor = 33.3, session_fee_minor = 25, tax_percent = 19 } },
  {
    bundled = "time_and_idle",
    settings = {
      price_per_kwh_minor = 50, per_minute_minor = 1.5, idle_per_minute_minor = 10, idle_grace_s = 300, cap_per_day_minor = 2500, tax_percent = 7,
      periods = { { from = "00:10", to = "03:20", price_per_kwh_minor = 20 }, { from = "03:20", to = "17:45", price_per_kwh_minor = 41.7 } },
    },
  },
  ocpi(energy(0.31, { max_kwh = 3.3 }, 19), energy(0.27, { start_time = "02:00", end_time = "14:00" }, 7), energy(0.44)),
  ocpi(energy(0.2, { max_power = 6 }), energy(0.6, { max_duration = 4000 }),
    { price_components = { { type = "ENERGY", price = 0.4, step_size = 100 }, { type = "TIME", price = 2, step_size = 60 }, { type = "PARKING_TIME", price = 5 } } }),
  { source = [[
function price(session)
  local lines = {}
  for _, piece in ipairs(tariff.split(session, { samples = true })) do
    tariff.add(lines, "energy", "Energy", piece.energy_wh / 1000, "kWh", piece.so_far_wh > 5000 and 30 or 45)
  end
  return tariff.bill(session, lines)
end]] },
}
local station = http.post("/api/admin/stations", { name = "Harbour", time_zone = "Europe/Berlin" }).body
seed.token "DRIVER"
local ids = {}
for i, t in ipairs(tariffs) do
  t.name, t.currency = "T" .. i, "EUR"
  ids[i] = seed.tariff(t).id
  local created = seed.charger { charge_point_id = "CP" .. i, station_id = station.id }
  equal(http.put("/api/admin/tariffs/" .. ids[i] .. "/assignment", { charger_id = created.id }).status, 200)
end

-- The same sessions each time.
local seed_of = 20261126
local function below(n)
  seed_of = (seed_of * 1103515245 + 12345) % 2147483648
  return seed_of // 65536 % n
end
local made = 0
for i = 1, #tariffs do
  local cp = charger { id = "CP" .. i }
  cp:connect()
  cp:boot()
  for n = 1, 12 do
    local back, register = -n * 86400 - below(40000), 1000 * n
    local session = cp:start { connector = 1, id_tag = "DRIVER", meter_start = register, timestamp = now(back) }
    for _ = 1, below(6) do
      back, register = back + below(3000) + 1, register + below(5000)
      session:meter { energy_wh = register, timestamp = now(back) }
    end
    session:stop { meter_stop = register + below(4000), timestamp = now(back + below(3000)) }
    made = made + 1
  end
  cp:disconnect()
end
local function transactions()
  return http.get("/api/admin/transactions?limit=500").body.items
end
eventually(function()
  for _, t in ipairs(transactions()) do
    if t.price_state ~= "priced" then return false end
  end
  return true
end, 30)

log "everything changes"
equal(http.put("/api/admin/stations/" .. station.id, { time_zone = "Asia/Tokyo" }).status, 200)
equal(http.put("/api/admin/tariffs/" .. ids[1], { settings = { price_per_kwh_minor = 999 } }).status, 200)
equal(http.put("/api/admin/tariffs/" .. ids[2], { bundled = "flat", settings = { price_per_kwh_minor = 1 } }).status, 200)
for _, id in ipairs(ids) do equal(http.delete("/api/admin/tariffs/" .. id).status, 204) end

local items = transactions()
equal(#items, made)
for _, t in ipairs(items) do
  local answer = http.post("/api/admin/transactions/" .. t.id .. "/price/check")
  equal(answer.status, 200, answer.text)
  check(answer.body.same, t.id .. ": " .. answer.text)
  equal(answer.body.computed.total_minor, t.price.amount_minor)
end

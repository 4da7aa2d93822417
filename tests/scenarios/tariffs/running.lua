-- A tariff that changes while sessions run: they keep the version they started with, unless the new one says otherwise; then
-- they are split there by the meter, every line says so, and each part is priced again by its own version.
local function flat(per_kwh)
  return { price_per_kwh_minor = per_kwh, session_fee_minor = 100 }
end
local made = seed.tariff { name = "T", currency = "EUR", bundled = "flat", settings = flat(10) }
local path = "/api/admin/tariffs/" .. made.id
equal(http.put(path .. "/assignment", json.decode "{}").status, 200)
local created = seed.charger "CP"
seed.token "DRIVER"
local cp = charger { id = "CP", connectors = 2 }
cp:connect()
cp:boot()

local function last_price()
  local id
  eventually(function()
    local item = http.get("/api/admin/transactions?limit=1").body.items[1]
    id = item.id
    return item.price_state == "priced"
  end, 10)
  return http.get("/api/admin/transactions/" .. id).body
end
local function computed_again(id)
  local answer = http.post("/api/admin/transactions/" .. id .. "/price/check")
  equal(answer.status, 200, answer.text)
  check(answer.body.same, answer.text)
  return answer.body.computed
end

log "one that says nothing is for new sessions"
local first = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 0 }
wait(1.1)
matches(http.put(path, { settings = flat(20) }).body, { version = 2, applies = "new_sessions" })
wait(1.1)
first:stop { meter_stop = 10000 }
local priced = last_price()
matches(priced, { price = { amount_minor = 200 }, tariff_version = 1 })
equal(#priced.price_parts, 1)
matches(priced.price_parts[1], { tariff_id = made.id, tariff_version = 1, energy_wh = 10000 })
computed_again(priced.id)

log "one for running sessions takes over; the fee is due once"
local second = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 0 }
second:meter { energy_wh = 4000 }
wait(1.1)
matches(http.put(path, { settings = flat(50), applies = "running" }).body, { version = 3, applies = "running" })
wait(1.1)
second:stop { meter_stop = 10000 }
priced = last_price()
equal(priced.tariff_version, 2)
equal(#priced.price_parts, 2)
local one, two = priced.price_parts[1], priced.price_parts[2]
matches(one, { tariff_version = 2, from_at = priced.started_at })
equal(two.tariff_version, 3)
equal(one.energy_wh + two.energy_wh, 10000)
check(one.energy_wh >= 4000 and two.energy_wh > 0, show(priced.price_parts))
local kinds = {}
for i, line in ipairs(priced.price_lines) do kinds[i] = line.kind .. " " .. line.note:match "version %d, %a+" end
equal(table.concat(kinds, "; "), "flat version 2, until; energy version 2, until; energy version 3, from")
check(priced.price_lines[3].note:find("interpolated", 1, true), priced.price_lines[3].note)
local function round(x)
  return math.floor(x + 0.5)
end
equal(priced.price.amount_minor, 100 + round(one.energy_wh * 0.02) + round(two.energy_wh * 0.05))
local bill = computed_again(priced.id)
equal(bill.total_minor, priced.price.amount_minor)
equal(#bill.parts, 2)

log "what has changed no price makes no version, whatever the last one applied to"
matches(http.put(path, { name = "Better name" }).body, { version = 3, applies = "running" })

log "where a tariff for running sessions ends, the next place's goes on"
local own = seed.tariff { name = "Own", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 1000 }, applies = "running" }
local own_path = "/api/admin/tariffs/" .. own.id
equal(http.put(own_path .. "/assignment", { charger_id = created.id }).status, 200)
local third = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 0 }
wait(1.1)
matches(http.put(own_path, { valid_until = now() }).body, { version = 1 })
wait(1.1)
third:stop { meter_stop = 10000 }
priced = last_price()
equal(#priced.price_parts, 2, show(priced))
matches(priced.price_parts[1], { tariff_id = own.id })
matches(priced.price_parts[2], { tariff_id = made.id, tariff_version = 3 })
computed_again(priced.id)
cp:disconnect()

log "what has no price cannot be compared"
equal(http.post("/api/admin/transactions/999/price/check").status, 404)

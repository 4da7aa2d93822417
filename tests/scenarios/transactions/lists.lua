-- Transactions with totals, by every filter; their meter values; a driver sees their own.
seed.charger "CP1"
seed.charger "CP2"
seed.token { id_tag = "ANNA1", user_id = "anna" }
seed.token { id_tag = "BEN1", user_id = "ben" }
local tariff = seed.tariff { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 50 } }
http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", {})
local one, two = charger { id = "CP1", connectors = 2 }, charger { id = "CP2" }
for _, c in ipairs { one, two } do
  c:connect()
  c:boot()
end

local function charge(cp, connector, tag, from, to)
  local s = cp:start { connector = connector, id_tag = tag, meter_start = from }
  s:meter { energy_wh = (from + to) // 2, power_w = 7400 }
  s:stop { meter_stop = to, reason = "Local" }
end
charge(one, 1, "ANNA1", 0, 1000)
charge(one, 2, "BEN1", 0, 2000)
charge(two, 1, "anna1", 500, 3500)
local open = two:start { connector = 1, id_tag = "BEN1", meter_start = 3500 }

local function list(query)
  local answer = http.get("/api/admin/transactions" .. query)
  equal(answer.status, 200)
  return answer.body
end
local function totals(query, count, energy_wh)
  matches(list(query).totals, { count = count, energy_wh = energy_wh }, query)
end
totals("", 4, 6000)
totals("?limit=1", 4, 6000)
totals("?charger=CP1", 2, 3000)
totals("?charger=" .. http.get("/connections/CP1").body.charger_id, 2, 3000)
totals("?charger=CP1&connector=2", 1, 2000)
totals("?id_tag=Anna1", 2, 4000)
totals("?user=ben", 2, 2000)
totals("?state=active", 1, 0)
totals("?state=completed", 3, 6000)
totals("?from=2020-01-01T00:00:00Z", 4, 6000)
totals("?to=2020-01-01T00:00:00Z", 0, 0)
equal(http.get("/api/admin/transactions?from=yesterday").status, 400)

log "the sums that are kept are what they sum up to"
eventually(function()
  return list("?state=completed").totals.amount[1]
end)
local kept, summed = list("").totals, list("?from=2020-01-01T00:00:00Z").totals
matches(kept, summed)
matches(summed, kept)
equal(kept.amount[1].currency, "EUR")

log "newest first, page by page"
local first = list "?limit=3"
equal(#first.items, 3)
matches(first.items[1], { charge_point_id = "CP2", state = "active", user_id = "ben", price = json.null, duration_s = json.null })
local rest = list("?limit=3&cursor=" .. first.next_cursor)
equal(#rest.items, 1)
matches(rest.items[1], {
  charge_point_id = "CP1", connector_id = 1, id_tag = "ANNA1", user_id = "anna", state = "completed", energy_wh = 1000,
  meter_start_wh = 0, meter_stop_wh = 1000, stop_reason = "Local", estimated = false, protocol = "ocpp1.6",
})
equal(rest.next_cursor, json.null)
check(first.totals and rest.totals == nil, "the first page alone has totals")

log "one transaction, with price lines and meter values"
local path = "/api/admin/transactions/" .. rest.items[1].id
local whole = http.get(path)
matches(whole, { status = 200, body = { id = rest.items[1].id, energy_wh = 1000 } })
check(type(whole.body.price_lines) == "table")
local values = http.get(path .. "/meter-values").body.items
check(#values >= 1)
matches(values[1], { energy_wh = 500, power_w = 7400, sample = { sampledValue = function(v)
  return #v >= 2
end } })
equal(http.get("/api/admin/transactions/999").status, 404)
equal(http.get("/api/admin/transactions/999/meter-values").status, 404)

log "a charger with transactions is kept"
local cp1 = "/api/admin/chargers/" .. http.get("/connections/CP1").body.charger_id
equal(http.delete(cp1).status, 409)

log "a driver sees their own, and nothing else"
local key = http.post("/api/admin/keys", { name = "anna's app", role = "user", user_id = "anna" }).body.key
matches(http.get("/users/anna/transactions", nil, { key = key }), { status = 200, body = { totals = { count = 2, energy_wh = 4000 } } })
equal(http.get("/users/ben/transactions", nil, { key = key }).status, 404)
equal(http.get("/users/anna/transactions?user=ben", nil, { key = key }).status, 400)
equal(http.get("/api/admin/transactions", nil, { key = key }).status, 403)
equal(http.get("/users/ben/transactions").body.totals.count, 2)
open:stop {}

-- Which tariff counts: the charger's own, else the station's, else the operator's; and none where none is assigned.
local function tariff(name, per_kwh)
  local made = seed.tariff {
    name = name, currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = per_kwh },
  }
  return made.id
end

local function assign(id, where)
  local response = http.put("/api/admin/tariffs/" .. id .. "/assignment", where)
  equal(response.status, 200, response.text)
  return response.body
end

local station = http.post("/api/admin/stations", { name = "Harbour", time_zone = "Europe/Berlin" }).body
local function new_charger(name, in_station)
  return seed.charger { charge_point_id = name, station_id = in_station and station.id or nil }
end
new_charger "ALONE"
new_charger("HERE", true)
local special = new_charger("SPECIAL", true)
seed.token "DRIVER"

local function charge(name)
  local cp = charger { id = name }
  cp:connect()
  cp:boot()
  local session = cp:start { connector = 1, id_tag = "DRIVER", meter_start = 1000 }
  session:stop { meter_stop = 11000 }
  cp:disconnect()
  local path = "/api/admin/transactions?charger=" .. name .. "&limit=1"
  return http.get(path).body.items[1].id
end

local function transaction(id)
  return http.get("/api/admin/transactions/" .. id).body
end

local function priced(id)
  eventually(function() return transaction(id).price_state == "priced" end)
  return transaction(id)
end

-- No tariff, no price. Whoever assigns one later may have the session priced.
local early = charge "ALONE"
eventually(function() return server.log():find("no tariff is assigned", 1, true) end)
matches(transaction(early), { price_state = "none", price = json.null, tariff_id = json.null })

local all = tariff("All", 10)
assign(all, json.decode "{}")
equal(http.post("/api/admin/transactions/" .. early .. "/price").status, 202)
matches(priced(early), { price = { amount_minor = 100, currency = "EUR" }, tariff_id = all, tariff_version = 1 })
equal(http.post("/api/admin/transactions/" .. early .. "/price").status, 409, "it has its price")

-- The most specific place.
matches(priced(charge "HERE"), { price = { amount_minor = 100 } })
local of_station = tariff("Station", 20)
assign(of_station, { station_id = station.id })
matches(priced(charge "HERE"), { price = { amount_minor = 200 }, tariff_id = of_station })
matches(priced(charge "ALONE"), { price = { amount_minor = 100 }, tariff_id = all })
local of_charger = tariff("Charger", 30)
assign(of_charger, { charger_id = special.id })
matches(priced(charge "SPECIAL"), { price = { amount_minor = 300 }, tariff_id = of_charger })
matches(priced(charge "HERE"), { price = { amount_minor = 200 } })

-- One tariff for each place; the latest counts.
assign(of_charger, { station_id = station.id })
matches(priced(charge "HERE"), { price = { amount_minor = 300 } })
equal(#http.get("/api/admin/tariffs/" .. of_station .. "/assignment").body.items, 0)
equal(http.delete("/api/admin/tariffs/" .. of_charger .. "/assignment?station_id=" .. station.id).status, 204)
matches(priced(charge "HERE"), { price = { amount_minor = 100 } })

-- One that is not active, not valid yet, or removed does not count.
equal(http.put("/api/admin/tariffs/" .. of_charger, { active = false }).status, 200)
matches(priced(charge "SPECIAL"), { price = { amount_minor = 100 } })
equal(http.put("/api/admin/tariffs/" .. of_charger, { active = true, valid_from = "2099-01-01T00:00:00Z" }).status, 200)
matches(priced(charge "SPECIAL"), { price = { amount_minor = 100 } })
equal(http.put("/api/admin/tariffs/" .. of_charger, { valid_from = json.null }).status, 200)
local last = priced(charge "SPECIAL")
matches(last, { price = { amount_minor = 300 } })
equal(http.delete("/api/admin/tariffs/" .. of_charger).status, 204)
matches(priced(charge "SPECIAL"), { price = { amount_minor = 100 } })
matches(transaction(last.id), { price = { amount_minor = 300 }, tariff_id = of_charger })

-- A name is free again once its tariff is removed.
check(tariff("Charger", 40) ~= of_charger, "a tariff of its own")

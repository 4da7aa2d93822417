-- What a connector is, and who charges there: prices by connector type, power and token group.
local created = seed.charger "CP"
local path = "/api/admin/chargers/" .. created.id .. "/connectors"
matches(http.put(path .. "/1", { type = "IEC_62196_T2", max_power_w = 22000 }).body, { connector_id = 1, type = "IEC_62196_T2", max_power_w = 22000 })
matches(http.put(path .. "/2", { type = "CHADEMO" }).body, { connector_id = 2, max_power_w = json.null })
matches(http.put(path .. "/2", { type = "IEC_62196_T2_COMBO", max_power_w = 150000 }).body, { type = "IEC_62196_T2_COMBO" })
equal(http.put(path .. "/3", json.decode "{}").status, 200)
local items = http.get(path .. "?limit=2").body
equal(#items.items, 2)
equal(#http.get(path .. "?cursor=" .. items.next_cursor).body.items, 1)
equal(http.delete(path .. "/3").status, 204)
equal(http.delete(path .. "/3").status, 404)
equal(http.put(path .. "/0", json.decode "{}").status, 404)
equal(http.put("/api/admin/chargers/999/connectors/1", json.decode "{}").status, 404)
equal(http.put(path .. "/1", { max_power_w = -1 }).status, 422)

local function element(price, own)
  return { price_components = { { type = "ENERGY", price = price } }, busbar = own }
end
local made = seed.tariff {
  name = "T", currency = "EUR", bundled = "ocpi",
  settings = {
    elements = {
      element(0.10, { token_groups = { "FLEET" }, name = "fleet" }),
      element(0.60, { min_connector_power_w = 50000, name = "fast" }),
      element(0.40, { connector_types = { "IEC_62196_T2" }, name = "AC" }),
      element(1.00),
    },
  },
}
equal(http.put("/api/admin/tariffs/" .. made.id .. "/assignment", json.decode "{}").status, 200)
seed.token "DRIVER"
seed.token { id_tag = "TRUCK", parent_id_tag = "FLEET" }
local cp = charger { id = "CP", connectors = 3 }
cp:connect()
cp:boot()

local function line(connector, id_tag)
  cp:start({ connector = connector, id_tag = id_tag, meter_start = 0 }):stop { meter_stop = 10000 }
  local id
  eventually(function()
    local item = http.get("/api/admin/transactions?limit=1").body.items[1]
    id = item.id
    return item.price_state == "priced"
  end, 10)
  local lines = http.get("/api/admin/transactions/" .. id).body.price_lines
  equal(#lines, 1)
  return lines[1].description .. " " .. lines[1].amount.amount_minor
end
equal(line(1, "DRIVER"), "Energy, AC 400")
equal(line(2, "DRIVER"), "Energy, fast 600")
equal(line(3, "DRIVER"), "Energy 1000")
equal(line(2, "TRUCK"), "Energy, fleet 100")
cp:disconnect()

log "the same without a charger"
local function tried(session)
  session.started_at, session.stopped_at, session.energy_wh = "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", 10000
  return http.post("/api/admin/tariffs/try", { tariff_id = made.id, session = session }).body.total_minor
end
equal(tried { connector = { type = "IEC_62196_T2" } }, 400)
equal(tried { connector = { max_power_w = 50000 } }, 600)
equal(tried { parent_id_tag = "FLEET" }, 100)
equal(tried {}, 1000)

-- A tariff object of OCPI: checked when it is stored, with path and rule; stored, assigned, and what it makes of a night.
local function copy(t)
  return json.decode(json.encode(t))
end
local object = {
  country_code = "DE", party_id = "ABC", id = "night", currency = "EUR", type = "REGULAR",
  tariff_alt_text = { { language = "en", text = "Cheap at night" } },
  elements = {
    { price_components = { { type = "ENERGY", price = 0.30, vat = 19 } }, restrictions = { start_time = "22:00", end_time = "06:00" } },
    { price_components = { { type = "ENERGY", price = 0.50, vat = 19 }, { type = "PARKING_TIME", price = 6, vat = 19, step_size = 60 } } },
  },
  last_updated = "2026-11-01T00:00:00Z",
  busbar = { parking_grace_s = 600, holidays = { "2026-12-25" } },
}

local function refused(change, path, pattern)
  local settings = copy(object)
  change(settings)
  local response = http.post("/api/admin/tariffs", { name = "Bad", currency = "EUR", bundled = "ocpi", settings = settings })
  equal(response.status, 422, response.text)
  equal(response.body.errors[1].path, path, response.text)
  check(response.body.errors[1].rule:find(pattern), response.text)
end
refused(function(t) t.elements = nil end, "settings.elements", "missing")
refused(function(t) t.elements[2].price_components[1].price = "0.5" end, "settings.elements[1].price_components[0].price", "number")
refused(function(t) t.elements[1].restrictions.start_time = "24:00" end, "settings.elements[0].restrictions.start_time", "time of day")
refused(function(t) t.elements[1].restrictions.min_current = 6 end, "settings.elements[0].restrictions.min_current", "")
refused(function(t) t.busbar.holidays = { "2026-02-30" } end, "settings.busbar.holidays[0]", "date")
refused(function(t) t.currency = "CHF" end, "settings", "settings.currency is CHF")
equal(#http.get("/api/admin/tariffs").body.items, 0)

local made = seed.tariff { name = "Night", currency = "EUR", bundled = "ocpi", settings = object }
matches(http.get("/api/admin/tariffs/" .. made.id).body, { bundled = "ocpi", settings = { id = "night" }, valid_from = json.null })
local bill = http.post("/api/admin/tariffs/try", {
  tariff_id = made.id,
  session = { started_at = "2026-11-20T20:00:00Z", stopped_at = "2026-11-20T23:30:00Z", energy_wh = 20000, idle_s = 0, time_zone = "Europe/Berlin" },
}).body
matches(bill.lines[1], { kind = "energy", quantity = 5.714286, unit_price_minor = 50, note = "energy at 22:00 interpolated" })
matches(bill.lines[2], { description = "Energy, 22:00 to 06:00", amount_minor = 429 })
equal(bill.total_minor, 286 + 429 + 136)

log "its own dates are the tariff's"
local later = copy(object)
later.start_date_time, later.end_date_time = "2099-01-01T00:00:00Z", "2099-02-01T00:00:00Z"
local path = "/api/admin/tariffs/" .. made.id
matches(http.put(path, { settings = later }).body, { version = 2, valid_from = "2099-01-01T00:00:00.000Z", valid_until = "2099-02-01T00:00:00.000Z" })
matches(http.put(path, { settings = object, valid_from = json.null, valid_until = json.null }).body, { version = 3, valid_from = json.null })

log "a session at a charger, line by line, with what the lines say"
equal(http.put(path .. "/assignment", json.decode "{}").status, 200)
local all_day = copy(object)
all_day.elements[1].restrictions = { start_time = "00:00", end_time = "00:00" }
all_day.busbar = { prices_include_vat = true }
matches(http.put(path, { settings = all_day }).body, { version = 4 })
seed.charger "CP"
seed.token "DRIVER"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
wait(0.02)
cp:start({ connector = 1, id_tag = "DRIVER", meter_start = 0 }):stop { meter_stop = 10000 }
cp:disconnect()
local id = http.get("/api/admin/transactions?charger=CP").body.items[1].id
local priced = eventually(function()
  local t = http.get("/api/admin/transactions/" .. id).body
  return t.price_state == "priced" and t
end, 10)
matches(priced, { price = { amount_minor = 300 }, tariff_version = 4 })
matches(priced.price_lines[1], { description = "Energy, 00:00 to 00:00", included_tax_percent = 19, note = json.null })

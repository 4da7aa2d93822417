-- What a new version would have charged for the sessions of the old one; recorded sessions and examples tried with a tariff.
local made = seed.tariff { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 } }
local path = "/api/admin/tariffs/" .. made.id
equal(http.put(path .. "/assignment", json.decode "{}").status, 200)
seed.charger "CP"
seed.token "DRIVER"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
for i = 1, 5 do
  cp:start({ connector = 1, id_tag = "DRIVER", meter_start = 0 }):stop { meter_stop = i * 10000 }
end
local items
eventually(function()
  items = http.get("/api/admin/transactions?charger=CP").body.items
  for _, t in ipairs(items) do
    if t.price_state ~= "priced" then return false end
  end
  return #items == 5
end, 10)
cp:disconnect()

local dearer = { currency = "EUR", source = [[
function price(session)
  if session.energy_wh == 30000 then error "not this one" end
  local lines = {}
  tariff.add(lines, "energy", "Energy", session.energy_wh / 1000, "kWh", 15)
  return tariff.bill(session, lines)
end]] }
local function diff(body, status)
  body.tariff_id = body.tariff_id or made.id
  local response = http.post("/api/admin/tariffs/diff", body)
  equal(response.status, status or 200, response.text)
  return response.body
end

local all = diff { tariff = dearer }
equal(#all.items, 5)
matches(all.items[1], { transaction_id = items[5].id, energy_wh = 10000, charged = { amount_minor = 100 }, would = { amount_minor = 150 }, difference_minor = 50, error = json.null })
matches(all.items[3], { would = json.null, difference_minor = json.null, error = function(text) return text:find("tariff:2: not this one", 1, true) end })
matches(all.totals, { sessions = 4, errors = 1, charged = { amount_minor = 1200 }, would = { amount_minor = 1800 }, difference_minor = 600 })

log "page by page"
local sum, pages, cursor = 0, 0, nil
repeat
  local page = diff { tariff = dearer, limit = 2, cursor = cursor }
  sum, pages = sum + page.totals.difference_minor, pages + 1
  cursor = page.next_cursor
  if cursor == json.null then cursor = nil end
until not cursor
equal(sum, 600)
equal(pages, 3)

log "by time; without a tariff the newest version of its own"
equal(#diff({ tariff = dearer, from = now(3600) }).items, 0)
equal(#diff({ tariff = dearer, from = now(-3600), to = now(3600) }).items, 5)
equal(http.put(path, { settings = { price_per_kwh_minor = 11 } }).status, 200)
equal(diff({}).totals.difference_minor, 150)
equal(diff({ tariff = { currency = "CHF", bundled = "flat", settings = { price_per_kwh_minor = 1 } } }).totals.errors, 5)
equal(diff({ tariff_id = 999 }, 422).errors[1].path, "tariff_id")
equal(diff({ tariff = { currency = "EUR", source = "x = = 1" } }).totals.errors, 5)
equal(diff({ tariff = { currency = "EUR", bundled = "ocpi", settings = { elements = {} } } }, 422).errors[1].path, "tariff.settings.elements")

log "a recorded session, and the examples"
local function try(body, status)
  body.tariff_id = made.id
  local response = http.post("/api/admin/tariffs/try", body)
  equal(response.status, status or 200, response.text)
  return response.body
end
equal(try({ transaction_id = items[1].id }).total_minor, 550)
equal(try({ transaction_id = 999 }, 422).errors[1].path, "transaction_id")
local examples = http.get("/api/admin/tariffs/examples").body.items
check(#examples >= 5)
for _, example in ipairs(examples) do
  equal(try({ example = example.name }).total_minor, try({ session = example.session }).total_minor, example.name)
end
equal(try({ example = "none" }, 422).errors[1].path, "example")
equal(try({ example = "night", transaction_id = 1 }, 422).errors[1].path, "session")
equal(try({}, 422).errors[1].path, "session")

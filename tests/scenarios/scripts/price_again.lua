-- Prices that an operator's scripts have made are made again by the set that made them, whatever is active by now.
local scripts = require "scripts"

seed.charger "CP"
for _, tag in ipairs { "DRIVER", "GUEST" } do seed.token(tag) end
local cp = charger { id = "CP" }
cp:connect()
cp:boot()

local main = [[
local rates = require "rates"
function price(session)
  if session.id_tag == "GUEST" then return nil end
  local lines = {}
  for i, piece in ipairs(tariff.split(session, { samples = true })) do
    tariff.add(lines, "energy", "Piece " .. i, piece.energy_wh / 1000, "kWh", rates.per_kwh)
  end
  local _, why = pcall(function() error "by the set itself" end)
  lines[1].note = why
  return tariff.bill({ currency = "EUR", settings = {} }, lines)
end]]
local function rates(per_kwh)
  return "return { per_kwh = " .. per_kwh .. " }"
end
local function newest()
  return http.get("/api/admin/transactions?limit=1").body.items[1].id
end
local function shown(id)
  return http.get("/api/admin/transactions/" .. id).body
end
local function priced(id_tag)
  local session = cp:start { connector = 1, id_tag = id_tag or "DRIVER", meter_start = 0, timestamp = now(-3600) }
  session:meter { energy_wh = 1500, timestamp = now(-1800) }
  session:stop { meter_stop = 4000, timestamp = now(-10) }
  local id = newest()
  eventually(function() return shown(id).price_state == "priced" end)
  return shown(id)
end
local function checked(t, status)
  local answer = http.post("/api/admin/transactions/" .. t.id .. "/price/check")
  equal(answer.status, status or 200, answer.text)
  return answer.body
end
local function the_same(t)
  local answer = checked(t)
  check(answer.same, show(answer))
  equal(#answer.differences, 0)
  equal(answer.computed.total_minor, t.price.amount_minor)
  equal(answer.computed.script_activation or json.null, t.script_activation)
  equal(#answer.computed.lines, #t.price_lines)
end

log "a price says which set made it, and that no tariff did"
equal(scripts.push({ main = main, rates = rates(30) }).number, 1)
local first = priced()
matches(first, { price = { amount_minor = 120 }, script_activation = 1, tariff_id = json.null, tariff_version = json.null })
equal(#first.price_parts, 0)
equal(#first.price_lines, 2)
equal(first.price_lines[1].note, "main:8: by the set itself")
the_same(first)

log "another set: the old price is the old set's, the new one the new set's, and what runs goes on"
equal(scripts.push({ rates = rates(50) }).number, 2)
the_same(first)
local second = priced()
matches(second, { price = { amount_minor = 200 }, script_activation = 2 })
for _ = 1, 3 do
  the_same(first)
  the_same(second)
end
matches(priced(), { price = { amount_minor = 200 }, script_activation = 2 })

log "an old set that is brought back is an activation of its own"
matches(http.post("/api/admin/scripts/rollback").body, { number = 3 })
local third = priced()
matches(third, { price = { amount_minor = 120 }, script_activation = 3 })

log "where the scripts pass, the tariff's version is what counts"
local made = seed.tariff { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 } }
local path = "/api/admin/tariffs/" .. made.id
equal(http.put(path .. "/assignment", json.decode "{}").status, 200)
local guest = priced "GUEST"
matches(guest, { price = { amount_minor = 40 }, script_activation = json.null, tariff_id = made.id, tariff_version = 1 })
equal(http.put(path, { settings = { price_per_kwh_minor = 99 } }).status, 200)
the_same(guest)

log "scripts that are removed have not forgotten what they charged"
for _, item in ipairs(http.get("/api/admin/scripts").body.items) do
  equal(http.delete("/api/admin/scripts/" .. item.id).status, 204)
end
for _, t in ipairs { first, second, third, guest } do the_same(t) end
matches(priced(), { price = { amount_minor = 40 }, script_activation = json.null, tariff_id = made.id })

log "what a script says of a tariff, or of another set, is not believed"
scripts.push { main = ([[
function price(session)
  local part = { tariff_id = %d, tariff_version = 1, from_at = session.started_at, energy_wh = 1 }
  return { currency = "EUR", lines = busbar.array({}), total_minor = 0, tariff_id = %d, tariff_version = 1, parts = { part }, script_activation = 1 }
end]]):format(made.id, made.id) }
local liar = priced()
matches(liar, { price = { amount_minor = 0 }, tariff_id = json.null, tariff_version = json.null })
check(liar.script_activation > 3, show(liar.script_activation))
equal(#liar.price_parts, 0)
the_same(liar)

log "a price that hangs on more than its session shows when it is made again"
scripts.push { main = [[
local currencies = { "EUR", "USD", "USD" }
function price(session)
  local calls = (busbar.scripts.get("calls") or 0) + 1
  busbar.scripts.put("calls", calls)
  if calls > 3 then error "enough" end
  local lines = { { kind = "flat", description = "Call " .. calls, amount_minor = calls == 3 and 7 or 5 } }
  return { currency = currencies[calls], lines = lines, total_minor = lines[1].amount_minor }
end]] }
local moody = priced()
matches(moody, { price = { amount_minor = 5, currency = "EUR" } })
local function differences()
  local answer = checked(moody)
  equal(answer.same, false)
  return table.concat(answer.differences, "; "), answer
end
equal(differences(), [[currency was EUR, is USD; line 1: description was "Call 1", is "Call 2"]])
equal(differences(), [[currency was EUR, is USD; line 1: description was "Call 1", is "Call 3"; line 1: amount_minor was 5, is 7]])
local text, failed = differences()
equal(text, "main:5: enough")
equal(failed.computed, json.null)
equal(#http.get("/api/admin/scripts/failures?hook=price").body.items, 0)

log "a file of the server's has no set"
server.reload { scripts = { { hook = "price", order = 1, file = server.write_file("own.lua", [[
function price() return { currency = "EUR", lines = busbar.array({}), total_minor = 0 } end]]) } } }
local servers = priced()
matches(servers, { price = { amount_minor = 0 }, script_activation = json.null })
matches(checked(servers, 409), { detail = "no tariff made the price, and no scripts of the operator that are known" })

log "scripts that are gone from storage, and a server without the plugin"
server.sql "delete from script_activation_items where number = 1"
matches(checked(first, 409), { detail = "the scripts of activation 1, which made the price, are not there any more" })
the_same(second)
cp:disconnect()
server.stop()
server.config.scripts = nil
server.config.plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "tariffs", "rest" }
server.start()
matches(shown(second.id), { script_activation = 2 })
matches(checked(second, 409), { detail = "the operator's scripts made the price, and the plugin scripts is not loaded" })
the_same(guest)

-- A tariff on the command line: checked, tried and compared before it is stored.
local ctl = require "ctl"
local done, refused = ctl.done, ctl.refused

local function file(name, text)
  return server.write_file(name, text)
end
local lua = file("own.lua", [[
function price(session)
  local lines = {}
  tariff.add(lines, "energy", "Energy", session.energy_wh / 1000, "kWh", session.settings.per_kwh or 20)
  return tariff.bill(session, lines)
end
]])
local settings = file("settings.json", [[{"per_kwh": 30}]])
local object = file("night.json", [[{"currency": "KWD", "elements": [
  {"price_components": [{"type": "ENERGY", "price": 0.025}], "restrictions": {"start_time": "22:00", "end_time": "06:00"}},
  {"price_components": [{"type": "ENERGY", "price": 0.05}]}]}]])
local session = file("session.json", [[{"started_at": "2026-06-02T19:00:00Z", "stopped_at": "2026-06-02T21:00:00Z", "energy_wh": 10000,
  "time_zone": "Europe/Berlin", "idle_s": 0}]])

log "check"
done("script check " .. lua, "Energy +11 +kWh +20 +2.20 EUR.*\ntotal +2.20 EUR\n")
done("--settings " .. settings .. " --currency JPY script check " .. lua, "total +330 JPY\n")
done("script check " .. object, "total +0.550 KWD\n")
matches(json.decode(done("--json script check " .. lua)), { valid = true, sample = { total_minor = 220 } })
refused("script check " .. file("broken.lua", "function price(session)\n  return = 1\nend"), 1, "^busbarctl: tariff:2: unexpected symbol")
done("script check " .. file("main.lua", "function authorize(question) end"), "hooks.*authorize")
refused("script check " .. file("main.lua", "function authorize(question)"), 1, "main:1: ")
refused("script check " .. file("main.lua", "function price(session) end"), 1, "does not return a table.*script check FOLDER checks hooks")
refused("script check " .. file("misspelt.lua", "function prize(session) end"), 1, "has no function price")
refused("script push " .. file("own_price.lua", "function price(session) end"), 1, "none of the name main.*/api/admin/tariffs")
refused("script check " .. file("broken.json", "{"), 2, "broken.json is not JSON")
refused("script check " .. file("wrong.json", [[{"elements": [{"price_components": [{"type": "WATER", "price": 1}]}]}]]), 1,
  "settings.elements%[0%].price_components%[0%].type")
refused("script check /nowhere/x.lua", 2, "/nowhere/x.lua: ")
refused("script check", 2, "script check FILE|DIR")
refused("script", 2, "script what%? check, try, diff, .*; see busbarctl help script\n")

log "try"
local output = done("script try " .. object .. " --session " .. session, "total +0.375 KWD\n")
check(output:find("Energy, 22:00 to 06:00 +5 +kWh +25 +0.125 KWD +energy at 22:00 interpolated", 1), output)
done("script try " .. lua .. " --example night", "total +8.00 EUR\n")
refused("script try " .. lua .. " --example none", 1, "names no example")
refused("script try " .. lua, 2, "tells the session")
refused("script try " .. lua .. " --transaction abc", 2, "^busbarctl: abc: a transaction is named by its id, a number")
refused("script try " .. lua .. " --transaction 1x", 2, "1x: a transaction is named by its id")
refused("script try " .. lua .. " --example night --transaction 1", 2, "tells the session")

log "diff"
local made = seed.tariff { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 } }
equal(http.put("/api/admin/tariffs/" .. made.id .. "/assignment", json.decode "{}").status, 200)
seed.charger "CP"
seed.token "DRIVER"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
for i = 1, 3 do
  cp:start({ connector = 1, id_tag = "DRIVER", meter_start = 0 }):stop { meter_stop = i * 1000 }
end
cp:disconnect()
local id
eventually(function()
  local items = http.get("/api/admin/transactions?charger=CP").body.items
  id = items[1].id
  return #items == 3 and items[1].price_state == "priced" and items[2].price_state == "priced" and items[3].price_state == "priced"
end, 10)
done("script try " .. lua .. " --transaction " .. id, "total +0.60 EUR\n")
output = done("script diff " .. lua .. " --tariff " .. made.id, "difference +0.60 EUR\n")
check(output:find("3000 +0.30 EUR +0.60 EUR +0.30 EUR"), output)
matches(json.decode(done("--json script diff " .. lua .. " --tariff " .. made.id .. " --from 2026-01-01")),
  { sessions = 3, errors = 0, charged = { amount_minor = 60 }, would = { amount_minor = 120 }, difference = { amount_minor = 60 } })
done("script diff " .. lua .. " --tariff " .. made.id .. " --to 2026-01-01", "sessions +0\n")
log "where a tariff applies"
done("tariffs assign T charger=CP", "charger_id +%d+\n")
done("tariffs assign T", "charger_id +%-\n")
output = done("tariffs assignments T", "")
equal(select(2, output:gsub("\n", "")), 3, output)
done("tariffs unassign T charger=CP")
equal(#http.get("/api/admin/tariffs/" .. made.id .. "/assignment").body.items, 1)
refused("tariffs unassign T charger=CP", 1, "not assigned there")
refused("tariffs assign T charger=NONE", 1, "there is no charger NONE")
refused("tariffs assign T station=here", 2, "a place is charger=CHARGER or station=ID")
refused("tariffs assign T CP", 2, "a place is charger=CHARGER or station=ID")
refused("tariffs assign T station=99", 1, "names none of the tariff's operator")
refused("tariffs assign NONE", 1, "there is no tariff NONE")

log "what it would have charged"
refused("script diff " .. lua, 2, "%-%-tariff TARIFF")
done("script diff " .. lua .. " --tariff T", "difference +0.60 EUR\n")
refused("script diff " .. lua .. " --tariff 99", 1, "names no tariff")
refused("script diff " .. lua .. " --tariff X", 1, "there is no tariff X")
refused("script diff " .. lua .. " --currency CHF --tariff " .. made.id, 1, "another currency")

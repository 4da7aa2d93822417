-- Tariffs that are wrong: refused when they are stored; and where they fail only later, the session waits for a better one.
settings { config = { lua = { time = "10s" } } }

local function refused(fields, path, pattern)
  fields.name, fields.currency = fields.name or "Bad", fields.currency or "EUR"
  local response = http.post("/api/admin/tariffs", fields)
  equal(response.status, 422, response.text)
  equal(response.body.errors[1].path, path, response.text)
  check(response.body.errors[1].rule:find(pattern), response.text)
end
local function returning(text)
  return { source = "function price(session)\n  return " .. text .. "\nend" }
end

refused({ source = "function price(s)\n  return = 1\nend" }, "source", "^tariff:2: unexpected symbol")
refused({ source = "function price(s)\n  return s.nothing.x\nend" }, "source", "^tariff:2: attempt to index")
-- A line of the library is told as such, after the line that called it.
refused({ source = "function price(s)\n  tariff.add(lins, 'energy', 'Energy', 1, 'kWh', 39)\n  return tariff.bill(s, {})\nend" }, "source",
  "^tariff:2: lib/tariff:%d+: attempt to get length of a nil value")
refused({ source = "cost = 1" }, "source", "no function price")
refused({ source = "function price(s) while true do end end" }, "source", "^tariff:1: runs for more than")
refused({ source = "function price(s) local t = {} while true do t[#t + 1] = {} end end" }, "source", "memory")
refused({ source = "function price(s) os.exit(1) end" }, "source", "^tariff:1: .*'os'")
refused({ source = "\27Lua" }, "source", "binary chunk")
refused(returning "7", "source", "does not return a table")
refused(returning "{ currency = 'EUR', lines = {}, total_minor = 0 }", "source", "lines")
refused(returning "{ currency = 'EUR', lines = busbar.array(), total_minor = 1 }", "source", "add up to 0")
refused(returning "{ currency = 'EUR', lines = {{ kind = 'x', description = 'y', amount_minor = 0.5 }}, total_minor = 0 }",
  "source", "amount_minor is not an integer")
refused(returning "{ currency = 'XYZ', lines = busbar.array(), total_minor = 0 }", "source", "ISO 4217")
refused(returning "{ currency = 'USD', lines = busbar.array(), total_minor = 0 }", "source", "currency is USD, but the tariff's is EUR")
refused({ bundled = "flat", settings = json.decode "{}" }, "settings", "^flat:%d+: settings.price_per_kwh_minor is missing")
refused({ bundled = "flat", settings = { price_per_kwh_minor = 1, taxes = 2 } }, "settings", "taxes is not known")
refused({ bundled = "nothing" }, "bundled", "names no bundled tariff")
refused({ bundled = "flat", source = "x = 1" }, "bundled", "cannot go together")
refused({ bundled = "flat", currency = "EURO" }, "currency", "")
refused({}, "bundled", "is missing")
equal(#http.get("/api/admin/tariffs").body.items, 0)

-- One that fails for some sessions only.
local source = [[
function price(session)
  if session.id_tag == "ODD" then error("what is this?") end
  local lines = {}
  tariff.add(lines, "energy", "Energy", session.energy_wh / 1000, "kWh", 10)
  return tariff.bill(session, lines)
end]]
local made = http.post("/api/admin/tariffs", { name = "Own", currency = "EUR", source = source }).body
local path = "/api/admin/tariffs/" .. made.id
equal(http.put(path .. "/assignment", json.decode "{}").status, 200)
seed.charger "CP"
seed.token "ODD"

local cp = charger { id = "CP" }
cp:connect()
cp:boot()
cp:start({ connector = 1, id_tag = "ODD", meter_start = 0 }):stop { meter_stop = 10000 }
cp:disconnect()

local function transaction()
  local item = http.get("/api/admin/transactions?charger=CP").body.items[1]
  return http.get("/api/admin/transactions/" .. item.id).body
end
eventually(function() return transaction().price_state == "failed" end)
matches(transaction(), {
  state = "completed",
  price = json.null,
  price_error = function(text)
    return text:find('tariff "Own", version 1: tariffs/' .. made.id .. ":2: what is this?", 1, true)
  end,
})
local waiting = eventually(function()
  for _, item in ipairs(http.get("/api/admin/tasks").body.items) do
    if item.name == "price_transaction" and item.state == "waiting" and item.error ~= json.null then return item end
  end
end)
check(waiting.error:find "what is this")

-- A better version; the session is priced with it, once.
equal(http.put(path, { source = (source:gsub('error%(".-"%)', "session.odd = true")) }).status, 200)
local id = transaction().id
equal(http.post("/api/admin/transactions/" .. id .. "/price").status, 202)
eventually(function() return transaction().price_state == "priced" end)
matches(transaction(), { price = { amount_minor = 100, currency = "EUR" }, tariff_version = 2, price_error = json.null })
equal(#transaction().price_lines, 1)

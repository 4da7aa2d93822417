-- A hostile script of one operator: what it tries ends as that hook's failure, and the other operator's chargers,
-- hooks and answers are as before.
settings {}
local scripts = require "scripts"

server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z')"
seed.charger "CP"
seed.charger { charge_point_id = "CO", operator_id = "other" }
local here, there = charger { id = "CP" }, charger { id = "CO" }
here:connect()
there:connect()
here:boot()
there:boot()

local function told(cp)
  return cp:call("DataTransfer", { vendorId = "any" })
end
scripts.push {
  main = [[function data_transfer() return { status = "Accepted", data = tariff.round(1.5) .. ("x"):rep(2) .. math.type(1) } end]],
}
local good = "2xxinteger"
equal(told(here).data, good)

local tricks = {
  { "an endless loop", "while true do end" },
  { "an endless loop in protected calls", "while true do pcall(function() while true do end end) end" },
  { "an endless comparator", "table.sort({ 3, 2, 1 }, function() while true do end end)" },
  { "a memory bomb of tables", "local t = {} while true do t = { t, {}, {} } end" },
  { "a memory bomb of texts", "local s = 'x' while true do s = s .. s end" },
  { "deep recursion", "local function g() return 1 + g() end g()" },
  { "a pattern that backtracks", "('a'):rep(60):find(('a-'):rep(30) .. 'b')" },
  { "an error that is a table", "error({ __tostring = function() while true do end end })" },
  { "a changed library", "tariff.round = function() return 0 end" },
  { "a changed text library", "string.rep = function() return '' end" },
  { "a method of all texts", "('').x = 1" },
  { "code at run time", "load('return 1')()" },
  { "a file", "io.open('/etc/passwd')" },
  { "a program", "os.execute('true')" },
  { "the registry", "debug.getregistry()" },
  { "a path", "require('../quirks')" },
  { "a wrong type", "return 7" },
  { "a status that is none", "return { status = 'Maybe' }" },
  { "not a number", "return { status = 'Accepted', data = 0/0 }" },
  { "a function as an answer", "return { status = 'Accepted', data = print }" },
  { "an answer that contains itself", "local t = { status = 'Accepted' } t.data = t return t" },
}
for _, trick in ipairs(tricks) do
  log(trick[1])
  scripts.push({ main = "function data_transfer() " .. trick[2] .. " end" }, { operator_id = "other" })
  equal(told(there).status, "Rejected")
  equal(told(here).data, good)
  equal(told(there).status, "Rejected")
end
eventually(function() return #http.get("/api/admin/scripts/failures?operator_id=other").body.items > 0 end)
equal(#http.get("/api/admin/scripts/failures?operator_id=default").body.items, 0)

log "what it sets is gone in the next call"
scripts.push({
  main = [[function data_transfer()
    local before = tostring(seen)
    seen, pairs, string, tariff = 1, nil, {}, {}
    return { status = "Accepted", data = before }
  end]],
}, { operator_id = "other" })
for _ = 1, 3 do
  equal(told(there).data, "nil")
  equal(told(here).data, good)
end

log "prices that are none are refused, and the session is kept"
equal(http.post("/api/admin/tokens", { id_tag = "TAG", operator_id = "other" }).status, 201)
for i, total in ipairs { "-1", "1e300", "0/0", "1/0", "'10'", "{}" } do
  scripts.push({
    main = "function price() return { currency = 'EUR', lines = busbar.array(), total_minor = " .. total .. " } end",
  }, { operator_id = "other" })
  equal(there:call("Authorize", { idTag = "TAG" }).idTagInfo.status, "Accepted")
  there:start({ connector = 1, id_tag = "TAG", meter_start = 0 }):stop { meter_stop = 1000 }
  scripts.failed("price", i, "other")
end
eventually(function() return #http.get("/api/admin/transactions?charger=CO").body.items == 6 end)
for _, item in ipairs(http.get("/api/admin/transactions?charger=CO").body.items) do
  local body = http.get("/api/admin/transactions/" .. item.id).body
  equal(body.energy_wh, 1000)
  check(body.price_state ~= "priced", body.price_state)
end
equal(told(here).data, good)

-- Operators' own rules and scripts over REST: who has them, when they begin to count, versions, and scripts that fail.
local path_of = require("deviations").path_of

local function in_force(id)
  return http.get(path_of(id)).body.in_force
end

local function refused(method, path, body, where)
  local r = http { method = method, path = path, body = body }
  equal(r.status, 422, show(r.body))
  equal(r.body.errors[1].path, where)
  return r.body.errors[1].rule
end

-- What there is.
local known = http.get("/api/admin/quirks").body
local names = {}
for _, quirk in ipairs(known.quirks) do names[quirk.name] = quirk.kind end
matches(names, { strip_nul = "bytes", no_subprotocol = "handshake", unit_names = "script" })
for _, rule in ipairs(known.rules) do
  for _, name in ipairs(rule.quirks) do check(names[name], rule.name) end
end

-- Rules.
local RULES, SCRIPTS = "/api/admin/quirk-rules", "/api/admin/quirk-scripts"
local made = http.post(RULES, {
  name = "acme", vendor = "acme*", model = "*-2?", firmware = "1.*", validation = "lenient", quirks = { "sample_numbers" },
})
equal(made.status, 201)
matches(made.body, { position = 100, final = false, active = true, operator_id = "default" })
local rule = RULES .. "/" .. made.body.id
equal(http.post(RULES, { name = "acme" }).status, 409)
refused("POST", RULES, { name = "b", quirks = { "strip_nul", "nonsense" } }, "quirks[1]")
refused("POST", RULES, { name = "b", validation = "loose" }, "validation")
refused("POST", RULES, { vendor = "b" }, "name")

seed.charger { charge_point_id = "QO1", vendor = "ACME Inc", model = "X-20" }
local cp = charger { id = "QO1", vendor = "Acme", model = "x-21", firmware = "1.9", silent = true }
cp:connect()
equal(in_force("QO1").rules, array {}) -- its firmware is not known yet
cp:boot()
equal(in_force("QO1"), { validation = "lenient", rules = { "acme" }, quirks = { "sample_numbers" } })

-- A change of the rules: who is concerned connects again, nobody else.
seed.charger "QO2"
local other = charger { id = "QO2", silent = true }
other:connect()
local etag = http.get(rule).headers.etag
local changed = http.put(rule, { quirks = { "strip_nul", "sample_numbers" }, firmware = json.null }, { headers = { ["If-Match"] = etag } })
matches(changed, { status = 200, body = { quirks = { "strip_nul", "sample_numbers" }, vendor = "acme*", firmware = json.null } })
equal(http.put(rule, { position = 1 }, { headers = { ["If-Match"] = etag } }).status, 412)
cp:wait_closed(5)
eventually(function() return server.log():find "QO1 disconnected, code 1012" end)
cp:connect()
equal(in_force("QO1"), { validation = "lenient", rules = { "acme" }, quirks = { "strip_nul", "sample_numbers" } })
check(other.connected)

-- The charger's own settings go before rules; rules are in order, and a final one ends them.
equal(http.post(RULES, { name = "early", vendor = "Acme", position = 1, validation = "strict", quirks = { "text_pong" }, final = true }).status, 201)
cp:wait_closed(5)
cp:connect()
equal(in_force("QO1"), { validation = "strict", rules = { "early" }, quirks = { "text_pong" } })
equal(http.put(path_of "QO1", { validation = "lenient", quirks = { "null_texts" } }).status, 200)
cp:wait_closed(5)
cp:connect()
equal(in_force("QO1"), { validation = "lenient", rules = { "early" }, quirks = { "null_texts" } })
matches(http.put(path_of "QO1", { validation = "default", quirks = json.null }).body, { validation = json.null, quirks = json.null })
cp:wait_closed(5)

-- Another operator's rules and scripts do not count, and are not there for its key.
server.sql("insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');")
local foreign = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key
equal(http.get(rule, nil, { key = foreign }).status, 404)
equal(http.put(rule, { position = 2 }, { key = foreign }).status, 404)
equal(http.delete(rule, nil, { key = foreign }).status, 404)
equal(http.get(RULES, nil, { key = foreign }).body.items, array {})
equal(http.get(path_of "QO1" .. "/violations", nil, { key = foreign }).status, 404)
equal(http.delete(path_of "QO1" .. "/violations", nil, { key = foreign }).status, 404)

-- Scripts. Each is tried before it is stored.
local source = [[
function normalize(message)
  if not quirks.asks(message, "StatusNotification") or message.payload.errorCode ~= "%s" then return nil end
  message.payload.errorCode = "OtherError"
  return message
end]]
matches(refused("POST", SCRIPTS, { name = "mine", source = "function normalise() end" }, "source"), "has no function normalize(message)")
check(refused("POST", SCRIPTS, { name = "mine", source = "function normalize(" }, "source"):find "line 1")
check(refused("POST", SCRIPTS, { name = "mine", source = "\nfunction normalize(m) return m.a.b end" }, "source"):find "line 2")
check(refused("POST", SCRIPTS, { name = "mine", source = "function normalize(m) return 7 end" }, "source"):find "no message")
refused("POST", SCRIPTS, { name = "unit_names", source = source }, "name")
refused("POST", SCRIPTS, { name = "Mine", source = source }, "name")
made = http.post(SCRIPTS, { name = "mine", source = source:format "Error" })
matches(made, { status = 201, body = { name = "mine", version = 1 } })
local script = SCRIPTS .. "/" .. made.body.id
equal(http.get(script, nil, { key = foreign }).status, 404)
equal(http.post(SCRIPTS, { name = "mine", source = source }).status, 409)

equal(http.put(path_of "QO2", { quirks = { "mine" } }).status, 200)
other:wait_closed(5)
other:connect()
local function report(code)
  return other:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = code })
end
check(report "Error")
local _, why = report "Broken"
equal(why.code, "PropertyConstraintViolation")

-- A new version counts at once; old ones are kept.
matches(http.put(script, { source = source:format "Broken" }), { status = 200, body = { version = 2 } })
check(report "Broken")
check(not report "Error")
local versions = http.get(script .. "/versions").body.items
equal({ #versions, versions[1].version, versions[2].source }, { 2, 2, source:format "Error" })

-- How often it failed at QO2's messages of that action.
local function failures(action)
  for _, item in ipairs(http.get(path_of "QO2" .. "/violations?kind=failure&action=" .. action).body.items) do
    equal(item.rule, "mine")
    return item.count
  end
end

-- One that fails changes nothing: the message goes on as it is, logged and counted.
local broken = source .. "\nlocal never = nil\nfunction normalize(m) if m.action == 'StatusNotification' then return never.x end end"
equal(http.put(script, { source = broken }).status, 200)
check(report "NoError")
check(not report "Broken")
-- Nothing that a script returns goes past the validator.
equal(http.put(script, { source = "function normalize(m) if m.action == 'Heartbeat' then m.payload.x = 1 return m end end" }).status, 200)
_, why = other:call("Heartbeat", {})
matches(why, { code = "OccurenceConstraintViolation", details = { path = "x" } })
-- Nor does any that is hostile stop anything, or lose a message.
local failing = {
  "while true do end", "return 7", "return { payload = 7 }", "return { payload = { [1.5] = 2 } }", "error {}", "error(nil)",
  "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end", "local function f(n) return 1 + f(n + 1) end return f(1)",
  "return { payload = { x = 0 / 0 } }", "local t = {} t.t = t return { payload = t }", "return { payload = { x = print } }",
  "pcall(function() while true do end end) return nil", "return ('x'):rep(1e9)", "message.payload.x.y = 1",
}
for _, body in ipairs(failing) do
  local only_here = "function normalize(message) if message.charge_point_id ~= 'QO2' then return nil end %s end"
  equal(http.put(script, { source = only_here:format(body) }).status, 200, body)
  check(other:heartbeat(), body)
end
eventually(function() return failures "Heartbeat" == #failing end)

-- One that is slow is put aside: others do not wait for it again and again.
local slow = "function normalize(m) while m.charge_point_id == 'QO2' do end end"
equal(http.put(script, { source = slow }).status, 200)
for _ = 1, 20 do
  check(other:heartbeat())
end
eventually(function() return failures "Heartbeat" == #failing + 20 end)
local _, asides = server.log():gsub("script quirks/mine took %d+ ms for one message and is put aside for 60 s operator=default", "")
check(asides >= 2 and asides <= #failing + 1, tostring(asides))

equal(failures "StatusNotification", 2)
check(server.log():find("script quirks/mine failed: .-line=7 operator=default action=StatusNotification"))
equal(http.get("/api/admin/chargers?charge_point_id=QO2").body.items[1].repairs, 3)

-- A new version of it has its chance at once.
equal(http.put(script, { source = "function normalize(m) m.payload = {} return m end" }).status, 200)
check(other:heartbeat())
eventually(function() return http.get("/api/admin/chargers?charge_point_id=QO2").body.items[1].repairs == 4 end)
equal(failures "Heartbeat", #failing + 20)

-- A script that is gone, but is still asked for, is a failure too.
equal(http.delete(script).status, 204)
equal(http.get(script).status, 404)
check(other:heartbeat())
eventually(function() return failures "Heartbeat" == #failing + 21 end)

equal(http.delete(rule).status, 204)
equal(http.get(rule).status, 404)
server.restart()
cp:reconnect()
equal(in_force("QO1").rules, { "early" })

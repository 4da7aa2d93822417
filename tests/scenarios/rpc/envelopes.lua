-- Frames that are no call, result or error, one by one: what each is answered, exactly, or that it is answered nothing.
-- The link stays, and what comes next is served.
seed.charger "ENVELOPES"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=ENVELOPES").body.items[1].id
local cp = charger { id = "ENVELOPES", silent = true }
cp:connect()
cp:boot()

local NOBODY = "-1"
local refused = 0

local function beats(text)
  local id = cp:new_message_id()
  cp:send_raw(('[2,"%s","Heartbeat",{}]'):format(id))
  matches(cp:receive(10), { kind = "result", id = id }, text)
end

-- Answered by that code, to that id, once.
local function refuses(text, id, why, code)
  cp:send_raw(text)
  local answer = cp:receive(10)
  matches(answer, { kind = "error", id = id, code = code or "FormationViolation" }, text)
  check(answer.description:find(why, 1, true), text .. ": " .. answer.description)
  check(json.encode(answer.details) ~= "null", "details are an object")
  refused = refused + 1
  beats(text)
end

local function ignores(text)
  cp:send_raw(text)
  refused = refused + 1
  beats(text)
end

log "not JSON"
for _, text in ipairs {
  "", " ", "pong", "[", "]", "[2,", '[2,"a","Heartbeat",{}', '[2,"a","Heartbeat",{}]]', '[2,"a","Heartbeat",{}],', '{"a":}',
  "[01]", "['2']", '[2,"a","Heartbeat",{},]', '[2,"a","Heartbeat",{"a":1,"a":2}]', '[2,"a","Heartbeat",{"a":"\\u0000"}]',
  '[2,"a","Heartbeat",{"a":"\1"}]', '[2,"a","Heartbeat",{"a":1e999}]', '[2,"a","Heartbeat",{"a":NaN}]',
} do
  refuses(text, NOBODY, "not JSON")
end

log "JSON, not an array"
for _, text in ipairs { "null", "true", "7", '"2"', "{}", '{"2":"a"}' } do
  refuses(text, NOBODY, "not a JSON array")
end

log "calls with too few elements or too many, or of wrong types"
for _, text in ipairs { "[2]", "[]", "[[]]", "[2,{}]" } do
  refuses(text, NOBODY, "message id")
end
for i, rest in ipairs { "", ',"Heartbeat"', ',"Heartbeat",{},{}', ',"Heartbeat",{},null' } do
  refuses(('[2,"arity%d"%s]'):format(i, rest), "arity" .. i, "four elements")
end
for i, action in ipairs { "7", "null", "{}", "[]", '""' } do
  refuses(('[2,"action%d",%s,{}]'):format(i, action), "action" .. i, "not a string")
end
for i, payload in ipairs { "null", "[]", "[{}]", '"{}"', "7", "true" } do
  refuses(('[2,"payload%d","Heartbeat",%s]'):format(i, payload), "payload" .. i, "not an object")
end
for _, action in ipairs { "heartbeat", "Heartbeat ", "HeartbeatResponse", "common", "../Heartbeat" } do
  refuses(('[2,"unknown-%s","%s",{}]'):format(action, action), "unknown-" .. action, "not an action", "NotImplemented")
end
refuses(('[2,"long","%s",{}]'):format(("é"):rep(3000)), "long", '"' .. ("é"):rep(254), "NotImplemented")

log "types: none at all is a fault, one of another version is passed over, whatever else it has"
for i, type in ipairs { '"2"', "null", "2.5", "{}", "true" } do
  refuses(('[%s,"type%d","Heartbeat",{}]'):format(type, i), "type" .. i, "message type")
end
for _, type in ipairs { "0", "1", "5", "6", "-2", "22", "2147483648" } do
  for _, rest in ipairs { ',"a","Heartbeat",{}', ',"a"', "", ",7", ',""', (',"%s"'):format(("x"):rep(37)) } do
    ignores("[" .. type .. rest .. "]")
  end
end

log "answers that are none, when nothing was asked"
for _, text in ipairs {
  "[3]", "[4]", '[3,"a"]', '[3,"a",{},{}]', '[3,7,{}]', '[3,"",{}]', '[4,"a"]', '[4,"","GenericError","",{}]', '[3,"a",{}]',
  '[4,"a","GenericError","",{}]', '[3,"-1",{}]',
} do
  ignores(text)
end

log "deep: 32 levels are read, more are not, and thousands are no harm"
local function deep(levels)
  return ('[2,"deep","Heartbeat",{"a":%s%s}]'):format(("["):rep(levels - 2), ("]"):rep(levels - 2))
end
refuses(deep(32), "deep", "a", "OccurenceConstraintViolation")
for _, levels in ipairs { 33, 1024, 1025, 60000 } do
  refuses(deep(levels), NOBODY, "not JSON")
end
refuses(("["):rep(100000), NOBODY, "not JSON")
refuses(('{"a":'):rep(20000), NOBODY, "not JSON")

log "each was counted, and is in the log of messages where it was no message"
eventually(function()
  return http.get(path).body.violations == refused
end)
eventually(function()
  -- As text: what was 32 levels deep is deeper in the list than stories read JSON.
  local _, count = http.get(path .. "/messages?direction=in&limit=500").text:gsub('"kind":"invalid"', "")
  return count > 80
end)

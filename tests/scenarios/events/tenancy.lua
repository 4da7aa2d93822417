-- Whose events somebody is told: an operator's people their operator's, a driver their own, and no operator's people those of the server.
local sse = require "sse"
equal(http.post("/api/admin/operators", { id = "other", name = "Other" }).status, 201)
local function charger_of(operator, name)
  equal(http.post("/api/admin/chargers", { charge_point_id = name, operator_id = operator }).status, 201)
  for _, user in ipairs { "anna", "bert" } do
    equal(http.post("/api/admin/tokens", { id_tag = name .. user, operator_id = operator, user_id = operator .. "-" .. user }).status, 201)
  end
  local cp = charger { id = name }
  cp:connect()
  cp:boot()
  return cp
end
local chargers = { default = charger_of("default", "OURS"), other = charger_of("other", "THEIRS") }

local function key_of(operator, role, user)
  local made = http.post("/api/admin/keys", { name = operator .. role, role = role, operator_id = operator, user_id = user })
  equal(made.status, 201, made.text)
  return made.body.key
end

-- One of everybody, from the beginning and from now on.
local streams = {}
local function listen(operator, role, user)
  local key = key_of(operator, role, user)
  for _, path in ipairs { "/api/events", "/api/events?last_event_id=0" } do
    streams[#streams + 1] = { operator = operator, user = user, key = key, stream = sse.open(path, { key = key }) }
  end
end
for operator in pairs(chargers) do
  listen(operator, "operator")
  listen(operator, "readonly")
  listen(operator, "user", operator .. "-anna")
end

log "sessions of both operators, and then one more, which is the last that all of an operator's are told"
local function charge(operator, user)
  local cp = chargers[operator]
  cp:status(1, "Preparing")
  cp:start({ connector = 1, id_tag = cp.id .. user, meter_start = 0 }):stop { meter_stop = 1000 }
  cp:status(1, "Available")
end
for operator in pairs(chargers) do
  charge(operator, "bert")
end
for operator in pairs(chargers) do
  charge(operator, "anna")
end

for _, s in ipairs(streams) do
  local told = {}
  s.stream:find(function(e)
    told[e.data.event] = true
    equal(e.data.operator_id, s.operator, e.data.event)
    if s.user then
      equal(e.data.user_id, s.user, e.data.event)
    end
    return e.data.event == "transaction.ended" and e.data.user_id == s.operator .. "-anna"
  end)
  check(told["transaction.started"], s.operator)
  check(told["connector.status"] == (not s.user or nil), s.operator)
end

log "asking for what is another's"
local ours = streams[1].operator == "default" and streams[1] or streams[7]
local stream, refusal = sse.try("/api/events?operator=other", { key = ours.key })
check(not stream)
equal(refusal.status, 403)
local theirs = http.get("/api/admin/transactions?charger=THEIRS").body.items[1]
for _, query in ipairs { "charger=THEIRS", "charger=" .. theirs.charger_id, "transaction=" .. theirs.id } do
  stream = sse.open("/api/events?last_event_id=0&" .. query, { key = ours.key })
  equal(stream:next(1), nil, query)
  stream:close()
end

log "who runs the server is told of all, and of its tasks"
local of = {}
local all = sse.open "/api/events?last_event_id=0"
all:find(function(e)
  of[e.data.operator_id or "the server"] = true
  return of.default and of.other and of["the server"]
end)

-- What programs that call rely on: paths, members, roles, pages, filters, errors, versions. Each list and each thing with a version of
-- /openapi.json is asked, so that a route that is added keeps the rules as well.
settings { config = {
  users = { scrypt_log_n = 10 }, rest = { per_key = 0, per_address = 0 }, payments = { check_every = "1h" }, transfer = { allow = "127.0.0.1" },
} }
local route_table = require "route_table"
local sse = require "sse"
local ids = require "every_object"()
local doc = http.get("/openapi.json", nil, { key = false }).body
local failures = {}
local function wrong(...)
  failures[#failures + 1] = string.format(...)
end

local function is_problem(answer, status)
  local b = answer.body
  return answer.status == status and answer.headers["content-type"] == "application/problem+json" and type(b) == "table" and b.type == "about:blank"
    and type(b.title) == "string" and b.status == status and type(b.detail) == "string"
end
local function problem(answer, status, path)
  check(is_problem(answer, status), show { status, answer.status, answer.text })
  if path then
    equal(answer.body.errors[1].path, path)
    equal(type(answer.body.errors[1].rule), "string")
  end
  for _, word in ipairs { "SELECT", "select ", "sqlite", "postgres", ".c:" } do
    check(not answer.text:find(word, 1, true), answer.text)
  end
end

-- PUT of these has no version: a local list is sent to chargers, and has a number of its own; where a tariff applies is a place that
-- it takes; what a connector is, and a station's list, are read as lists alone.
local UNVERSIONED = {
  ["/api/admin/chargers/{id}/local-list"] = true, ["/api/admin/stations/{id}/local-list"] = true, ["/api/admin/tariffs/{id}/assignment"] = true,
  ["/api/admin/chargers/{id}/connectors/{connector_id}"] = true, ["/api/admin/stations/{id}/tokens/{id_tag}"] = true,
}

log "each list: pages, bounds, filters that are malformed"
local function is_list(operation)
  local good = operation.responses["2XX"] or operation.responses["200"]
  return good and good.content and good.content["text/csv"] ~= nil
end
local lists = 0
for _, route in ipairs(route_table.all()) do
  local operation = doc.paths[route.path][route.method:lower()]
  if route.method == "GET" and is_list(operation) and not route.path:find "^/auth/" then
    lists = lists + 1
    local path = route_table.fill(route, ids)
    local function expect(query, status)
      local answer = http.get(path .. "?" .. query)
      if status == 200 and answer.status ~= 200 or status ~= 200 and not is_problem(answer, status) then
        wrong("%s?%s: %d in place of %d: %s", route.path, query, answer.status, status, answer.text:sub(1, 200))
      end
      return answer.body
    end
    for _, limit in ipairs { "0", "-1", "501", "x", "", "1.5" } do
      expect("limit=" .. limit, 400)
    end
    expect("nonsense=1", 400)
    expect("offset=1", 400)
    expect("limit=500", 200)
    local page = expect("limit=1", 200)
    if type(page.items) ~= "table" or #page.items > 1 or page.next_cursor == nil then
      wrong("%s: is no page: %s", route.path, show(page):sub(1, 200))
    elseif page.next_cursor ~= json.null then
      local next_ = expect("limit=1&cursor=" .. escape(page.next_cursor), 200)
      if show(next_.items) == show(page.items) then
        wrong("%s: the next page is the same", route.path)
      end
    end
    for _, parameter in ipairs(operation.parameters or {}) do
      if parameter.name == "from" or parameter.name == "to" then
        expect(parameter.name .. "=yesterday", 400)
        expect(parameter.name .. "=2026-13-01T00:00:00Z", 400)
        expect(parameter.name .. "=2020-01-01T00:00:00%2B01:00", 200)
      end
    end
  end
end
check(lists > 60, lists)

log "each thing that has a version is changed of that version alone"
local versions = 0
for _, route in ipairs(route_table.all()) do
  local path = route.method == "PUT" and route.roles and not UNVERSIONED[route.path] and doc.paths[route.path].get and route_table.fill(route, ids)
  local got = path and http.get(path)
  if got and got.status == 200 then
    versions = versions + 1
    local body = route.body or {}
    local answer = http.put(path, body, { headers = { ["If-Match"] = '"2001-01-01T00:00:00.000Z"' } })
    if not got.headers.etag and got.body.updated_at ~= json.null then
      wrong("%s: GET has no ETag", route.path)
    elseif not is_problem(answer, 412) and answer.status ~= 422 then
      wrong("%s: %d in place of 412: %s", route.path, answer.status, answer.text:sub(1, 200))
    end
    if http.get(path).text ~= got.text and answer.status >= 300 then
      wrong("%s: was changed by a request that was refused", route.path)
    end
  end
end
check(versions > 12, versions)

log "where no version is heeded, none is asked for in vain"
local unheeded = 0
for _, route in ipairs(route_table.all()) do
  if route.roles and not route.path:find "^/auth/" and (route.method == "DELETE" or route.method == "PUT" and UNVERSIONED[route.path]) then
    unheeded = unheeded + 1
    local answer = http { method = route.method, path = route_table.fill(route, ids), body = route.method == "PUT" and route.body or nil,
      headers = { ["If-Match"] = '"2001-01-01T00:00:00.000Z"' } }
    if not is_problem(answer, 412) then
      wrong("%s: %d in place of 412: %s", route.name, answer.status, answer.text:sub(1, 200))
    end
  end
end
check(unheeded > 25, unheeded)

equal(table.concat(failures, "\n"), "")

log "members that are relied on"
local function has(path, members, key)
  local answer = http.get(path, nil, { key = key })
  equal(answer.status, 200, path)
  local thing = answer.body.items and answer.body.items[1] or answer.body
  for name in members:gmatch "%S+" do
    check(thing[name] ~= nil, path .. " has no " .. name .. ": " .. answer.text:sub(1, 300))
  end
  return thing, answer.body
end
local function id(path)
  return (path:gsub("{.*", "")) .. ids[path]
end
local STATION, CHARGER = "name address latitude longitude time_zone operator_id", "charge_point_id station_id vendor model security_profile validation "
  .. "connected node last_seen connectors"
has("/api/admin/stations", STATION)
has(id "/api/admin/stations/{id}", STATION)
has("/api/admin/chargers", CHARGER)
local cp = has(id "/api/admin/chargers/{id}", CHARGER)
check(cp.connected and cp.password == nil, "a password is written, never read")
for _, connector in ipairs(cp.connectors) do
  check(connector.connector_id and connector.status and connector.error_code, show(connector))
end
local COMMAND = "id state response error"
local base = id "/api/admin/chargers/{id}"
has(base .. "/commands", COMMAND)
has(id "/api/admin/commands/{id}", COMMAND)
eventually(function()
  return #http.get(base .. "/messages").body.items > 0
end)
has(base .. "/messages", "direction action message_id payload error latency_us")
has("/api/admin/tokens", "id_tag parent_id_tag status expires_at user_id max_active")
has(id "/api/admin/tokens/{id_tag}", "id_tag parent_id_tag status expires_at user_id max_active")
local session, page = has("/api/admin/transactions?state=completed", "id connector_id id_tag user_id state energy_wh duration_s price")
check(math.type(session.price.amount_minor) == "integer" and session.price.currency == "EUR", show(session.price))
check(page.totals.count == 1 and page.totals.energy_wh == session.energy_wh, show(page.totals))
for name, value in pairs(session) do
  check(not name:find "_at$" or value == json.null or value:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d.*Z$", name)
end
has(id "/api/admin/transactions/{id}", "price_lines")
has(id "/api/admin/transactions/{id}" .. "/meter-values", "items next_cursor")
for query, count in pairs {
  ["charger=ASKED-CP"] = 2, ["connector=2"] = 1, ["id_tag=ASKED-TAG"] = 2, ["user=ASKED-anna"] = 2, ["state=completed"] = 1, ["user=nobody"] = 0,
  ["from=" .. session.started_at] = 2, ["to=" .. session.started_at] = 0,
} do
  equal(#http.get("/api/admin/transactions?" .. query).body.items, count, query)
end
for path, members in pairs {
  ["/api/admin/tariffs"] = "id name", ["/api/admin/operators"] = "id name time_zone currency", ["/api/admin/users"] = "id name role",
  ["/api/admin/users/ASKED-anna/wallet"] = "balance", ["/api/admin/webhooks"] = "id target events", ["/api/admin/tasks"] = "id state",
  ["/api/admin/audit"] = "actor method path before after remote", [id "/api/admin/wallets/{id}" .. "/entries"] = "amount",
} do
  has(path, members)
end

log "users, and the older paths"
local function key_of(fields)
  fields.name = fields.role
  return http.post("/api/admin/keys", fields).body.key
end
local driver = key_of { role = "user", operator_id = "default", user_id = "ASKED-anna" }
local reader = key_of { role = "readonly", operator_id = "default" }
for path, members in pairs {
  ["/auth/profile"] = "name role operator_id user_id", ["/users"] = "id name", ["/users/ASKED-anna"] = "id name",
  ["/users/ASKED-anna/transactions"] = "id energy_wh", ["/users/ASKED-anna/wallet"] = "balance",
} do
  has(path, members)
  has(path, members, driver)
end
problem(http.get("/users/nobody", nil, { key = driver }), 404)
problem(http.get("/users/nobody/transactions", nil, { key = driver }), 404)
for path, members in pairs {
  ["/api/charge-points"] = "charge_point_id", ["/connections"] = "charge_point_id remote last_seen", ["/connections/ASKED-CP"] = "charge_point_id connected_at",
  ["/api/logs"] = "charge_point_id direction", ["/api/logs/ASKED-CP"] = "charge_point_id direction",
} do
  has(path, members)
  has(path, members, reader)
  problem(http.get(path, nil, { key = driver }), 403)
  problem(http.get(path, nil, { key = false }), 401)
end
problem(http.get "/connections/NOBODY", 404)
local request = "/api/charge-points/ASKED-CP/request"
local sent = http.post(request, { action = "ClearCache", payload = json.decode "{}" })
equal(sent.status, 200, sent.text)
matches(sent.body, { state = "accepted", response = { status = "Accepted" }, error = json.null, id = http.get("/api/admin/commands/" .. sent.body.id).body.id })
problem(http.post("/api/charge-points/NOBODY/request", { action = "ClearCache" }), 404)
problem(http.post(request, { action = "Reset", payload = { type = "Warm" } }), 422, "type")
problem(http.post(request, { action = "ClearCache" }, { key = reader }), 403)
matches(http.get("/health", nil, { key = false }), { status = 200, body = { status = "ok", storage = "ok", connections = 1 } })
check(http.get("/health", nil, { key = false }).body.version)
check(http.get("/metrics").text:find "\n# TYPE [%w_]+ counter\n")
equal(http.get("/metrics").headers["content-type"]:match "^text/plain", "text/plain")
problem(http.get("/metrics", nil, { key = driver }), 403)
problem(http.get("/metrics", nil, { key = false }), 401)
equal(#http.get("/users", nil, { key = driver }).body.items, 1, "a driver sees nobody else")
for _, path in ipairs { "/auth/profile", "/users", "/users/ASKED-anna", "/users/ASKED-anna/transactions" } do
  problem(http.get(path, nil, { key = false }), 401)
end
equal(http.get("/api/logs/NOBODY").body.items, array {}, "the log of a charger outlives it")
seed.charger "AWAY-CP"
request = "/api/charge-points/AWAY-CP/request"
problem(http.post(request, { action = "ClearCache" }), 409)
matches(http.post(request, { action = "ClearCache", if_offline = "queue", wait_s = 0 }), { status = 202, body = { state = "queued", response = json.null } })
problem(http.get("/api/events", nil, { key = false }), 401)
local stream = sse.open "/api/events?kind=command&last_event_id=0"
check(stream.head:lower():find("content-type: text/event-stream", 1, true), stream.head)
equal(stream:next().data.kind, "command")
stream:close()

log "what was made says where it is"
for path, body in pairs {
  ["/api/admin/stations"] = { name = "New" }, ["/api/admin/chargers"] = { charge_point_id = "NEW" }, ["/api/admin/tokens"] = { id_tag = "A tag:1?" },
  ["/api/admin/tariffs"] = { name = "new", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 30 } },
  ["/api/admin/operators"] = { id = "new", name = "New" }, ["/api/admin/users"] = { id = "new|@user", name = "New", role = "user" },
  ["/api/admin/keys"] = { name = "new", role = "readonly" }, ["/api/admin/wallets"] = { user_id = "new", currency = "EUR" },
  ["/api/admin/webhooks"] = { target = "https://example.com/", events = { "*" } },
  ["/api/admin/subscriptions"] = { channel = "email", target = "a@example.org", events = { "*" } },
  ["/api/admin/quirk-rules"] = { name = "new", model = "X" }, ["/api/admin/quirk-scripts"] = { name = "new", source = "function normalize(m) return m end" },
} do
  local made = http.post(path, body)
  equal(made.status, 201, made.text)
  local location = made.headers.location
  check(location and location:sub(1, #path + 1) == path .. "/", path .. ": " .. tostring(location))
  local there = http.get(location)
  equal(there.status, 200, location)
  equal(there.body.id, made.body.id)
  equal(there.body.id_tag, made.body.id_tag)
end

log "errors"
problem(http.get "/nowhere", 404)
problem(http.delete "/connections", 405)
problem(http.post("/api/admin/stations", "{"), 400)
problem(http.post("/api/admin/stations", { name = "x", colour = "red" }), 422, "colour")
problem(http.post("/api/admin/stations", {}), 422, "name")
problem(http.post("/api/admin/chargers", { charge_point_id = "ASKED-CP" }), 409)
problem(http.post("/api/admin/stations", { name = ("x"):rep(2 << 20) }), 413)
problem(http.get("/api/admin/chargers/1 or 1=1"), 400)

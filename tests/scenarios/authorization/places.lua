-- Who may charge where, and what becomes of tokens that nobody registered: by the operator and by the station.
settings { config = { ocpp16_local_auth = { lists = "on", check_every = "50ms" } } }

local function station(name)
  local id = http.post("/api/admin/stations", { name = name }).body.id
  return { id = id, path = "/api/admin/stations/" .. id }
end

local function place(id, at)
  seed.charger { charge_point_id = id, station_id = at and at.id }
  local cp = charger { id = id, silent = true }
  cp:connect()
  cp:boot()
  return cp
end

local depot, street = station "Depot", station "Street"
local at_depot, at_street, nowhere = place("DEPOT", depot), place("STREET", street), place "NOWHERE"

seed.token "ANNA"
seed.token { id_tag = "BERT", parent_id_tag = "fleet" }
seed.token { id_tag = "GUEST", stations = "listed" }
seed.token { id_tag = "VISITORS", stations = "listed" }
seed.token { id_tag = "VERA", parent_id_tag = "VISITORS" }

local function told(id_tag, by_depot, by_street, by_nowhere)
  equal(at_depot:authorize(id_tag).status, by_depot, id_tag .. " at the depot")
  equal(at_street:authorize(id_tag).status, by_street, id_tag .. " in the street")
  equal(nowhere:authorize(id_tag).status, by_nowhere, id_tag .. " elsewhere")
end

log "without lists"
matches(http.get(depot.path .. "/authorization"), { status = 200, body = {
  station_id = depot.id, operator_id = "default", access = "open", unknown = json.null, updated_at = json.null,
} })
told("ANNA", "Accepted", "Accepted", "Accepted")
told("GUEST", "Blocked", "Blocked", "Blocked")
told("VERA", "Blocked", "Blocked", "Blocked")

log "a station that takes only whom its list allows: tokens, and groups that nobody registered"
local made = http.put(depot.path .. "/authorization", { access = "listed" })
matches(made, { status = 200, body = { access = "listed", unknown = json.null } })
equal(http.put(depot.path .. "/authorization", { access = "open" }, { headers = { ["If-Match"] = '"2020-01-01T00:00:00.000Z"' } }).status, 412)
told("BERT", "Blocked", "Accepted", "Accepted")
matches(http.put(depot.path .. "/tokens/FLEET", { rule = "allow" }), { status = 200, body = { id_tag = "FLEET", rule = "allow" } })
matches(http.put(depot.path .. "/tokens/guest", { rule = "allow" }), { status = 200, body = { id_tag = "guest", rule = "allow" } })
told("ANNA", "Blocked", "Accepted", "Accepted")
told("BERT", "Accepted", "Accepted", "Accepted")
told("GUEST", "Accepted", "Blocked", "Blocked")

log "a group that is to charge only where it is listed takes its members with it"
http.put(street.path .. "/tokens/visitors", { rule = "allow" })
told("VERA", "Blocked", "Accepted", "Blocked")

log "who is denied is denied, although the group is allowed"
http.put(depot.path .. "/tokens/bert", { rule = "deny" })
told("BERT", "Blocked", "Accepted", "Accepted")
local function names(query)
  local found = {}
  for i, item in ipairs(http.get(depot.path .. "/tokens" .. query).body.items) do
    found[i] = item.rule .. " " .. item.id_tag
  end
  return table.concat(found, ", ")
end
equal(names "", "allow FLEET, allow guest, deny bert")
equal(names "?rule=deny", "deny bert")
equal(names "?limit=1", "allow FLEET")
equal(http.delete(depot.path .. "/tokens/BERT").status, 204)
equal(http.delete(depot.path .. "/tokens/BERT").status, 404)
told("BERT", "Accepted", "Accepted", "Accepted")

log "local lists say the same"
local function list_of(cp)
  local id = http.get("/api/admin/chargers?charge_point_id=" .. cp.id).body.items[1].id
  local l = eventually(function()
    local l = http.get("/api/admin/chargers/" .. id .. "/local-list").body
    return l.state == "current" and not l.at_work and l.entries == 5 and l
  end, 15)
  check(l)
  local found = {}
  for _, item in ipairs(http.get("/api/admin/chargers/" .. id .. "/local-list/entries").body.items) do
    found[#found + 1] = item.id_tag .. " " .. item.id_tag_info.status
  end
  return table.concat(found, ", ")
end
local function lists(cp, expected)
  check(eventually(function()
    return list_of(cp) == expected
  end, 15), cp.id .. " has " .. list_of(cp))
end
lists(at_depot, "ANNA Blocked, BERT Accepted, GUEST Accepted, VERA Blocked, VISITORS Blocked")
lists(at_street, "ANNA Accepted, BERT Accepted, GUEST Blocked, VERA Accepted, VISITORS Accepted")
lists(nowhere, "ANNA Accepted, BERT Accepted, GUEST Blocked, VERA Blocked, VISITORS Blocked")

log "tokens that nobody registered: the configuration, the operator, the station"
local of_operator = "/api/admin/operators/default/authorization"
matches(http.get(of_operator), { status = 200, body = { operator_id = "default", unknown = json.null, max_active = json.null } })
told("NEW", "Blocked", "Invalid", "Invalid")
matches(http.put(of_operator, { unknown = "accept" }), { status = 200, body = { unknown = "accept", max_active = json.null } })
told("NEW", "Blocked", "Accepted", "Accepted")
http.put(depot.path .. "/tokens/NEW", { rule = "allow" })
http.put(street.path .. "/authorization", { unknown = "invalid" })
told("NEW", "Accepted", "Invalid", "Accepted")
http.put(street.path .. "/tokens/NEW", { rule = "deny" })
told("NEW", "Accepted", "Blocked", "Accepted")
matches(http.put(of_operator, { unknown = "pass" }), { body = { unknown = "pass" } })
told("NEWER", "Blocked", "Invalid", "Invalid")

log "what cannot be settled"
for _, bad in ipairs { { unknown = "yes" }, { max_active = -1 }, { access = "open" } } do
  equal(http.put(of_operator, bad).status, 422, show(bad))
end
equal(http.put(depot.path .. "/authorization", { access = "closed" }).status, 422)
equal(http.put(depot.path .. "/tokens/X", { rule = "perhaps" }).status, 422)
equal(http.put(depot.path .. "/tokens/" .. ("x"):rep(21), { rule = "allow" }).status, 422)
equal(http.put(depot.path .. "/tokens/%20x", { rule = "allow" }).status, 422)
for _, path in ipairs { "/api/admin/operators/nobody/authorization", "/api/admin/stations/999/authorization", "/api/admin/stations/999/tokens" } do
  equal(http.get(path).status, 404, path)
end
equal(http.put("/api/admin/stations/999/tokens/X", { rule = "allow" }).status, 404)

log "another operator's are not there"
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
local made_key = http.post("/api/admin/keys", { name = "of the other", role = "operator", operator_id = "other" })
equal(made_key.status, 201)
local key = made_key.body.key
equal(http.get(of_operator, nil, { key = key }).status, 404)
equal(http.put(of_operator, { unknown = "accept" }, { key = key }).status, 404)
equal(http.get("/api/admin/operators/other/authorization", nil, { key = key }).status, 200)
equal(http.get(depot.path .. "/authorization", nil, { key = key }).status, 404)
equal(http.get(depot.path .. "/tokens", nil, { key = key }).status, 404)
equal(http.put(depot.path .. "/tokens/X", { rule = "allow" }, { key = key }).status, 404)

-- What belongs to another operator is not there.
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"

local function key_of(fields)
  fields.name = "key of " .. (fields.operator_id or "all")
  local made = http.post("/api/admin/keys", fields)
  equal(made.status, 201)
  return { key = made.body.key }
end
local mine = key_of { role = "operator", operator_id = "default" }
local theirs = key_of { role = "operator", operator_id = "other" }
local reader = key_of { role = "readonly" }

local function make(path, body, who)
  local made = http.post(path, body, who)
  equal(made.status, 201)
  return made.body
end
local station = make("/api/admin/stations", { name = "Theirs" }, theirs)
equal(station.operator_id, "other")
local charger_row = make("/api/admin/chargers", { charge_point_id = "CP1", station_id = station.id }, theirs)
equal(charger_row.operator_id, "other")
make("/api/admin/tokens", { id_tag = "SAME", status = "blocked" }, mine)
make("/api/admin/tokens", { id_tag = "same" }, theirs)
equal(http.post("/api/admin/stations", { name = "X", operator_id = "default" }, theirs).status, 403)
equal(http.post("/api/admin/chargers", { charge_point_id = "CP2", station_id = station.id }, mine).status, 422)
equal(http.post("/api/admin/chargers", { charge_point_id = "CP1" }, mine).status, 409)

log "the charger's operator is the token's"
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
equal(cp:authorize("SAME").status, "Accepted")
local session = cp:start { connector = 1, id_tag = "SAME" }
session:stop {}
local transaction = http.get("/api/admin/transactions").body.items[1]
equal(transaction.operator_id, "other")
local command = http.post("/api/admin/chargers/" .. charger_row.id .. "/commands", { action = "ClearCache" }, theirs).body

local id, tid = charger_row.id, transaction.id
local paths = {
  "/api/admin/stations/" .. station.id, "/api/admin/chargers/" .. id, "/connections/CP1",
  "/api/admin/chargers/" .. id .. "/commands", "/api/admin/chargers/" .. id .. "/messages",
  "/api/admin/commands/" .. command.id, "/api/admin/transactions/" .. tid, "/api/admin/transactions/" .. tid .. "/meter-values",
}
for _, path in ipairs(paths) do
  equal(http.get(path, nil, mine).status, 404, path)
  equal(http.get(path, nil, theirs).status, 200, path)
  equal(http.get(path, nil, reader).status, 200, path)
end
eventually(function() -- the message log's rows are written together, a moment later
  return #http.get("/api/logs", nil, theirs).body.items > 0
end)
for _, path in ipairs {
  "/api/admin/stations", "/api/admin/chargers", "/connections", "/api/charge-points", "/api/admin/transactions", "/api/logs", "/api/logs/CP1",
} do
  equal(#http.get(path, nil, mine).body.items, 0, path)
  check(#http.get(path, nil, theirs).body.items > 0, path)
  check(#http.get(path, nil, reader).body.items > 0, path)
end
equal(http.get("/api/admin/transactions", nil, mine).body.totals.count, 0)
for _, change in ipairs {
  { "PUT", "/api/admin/stations/" .. station.id, { name = "Mine" } }, { "DELETE", "/api/admin/stations/" .. station.id },
  { "PUT", "/api/admin/chargers/" .. id, { model = "X" } }, { "DELETE", "/api/admin/chargers/" .. id },
  { "POST", "/api/admin/chargers/" .. id .. "/commands", { action = "ClearCache" } },
  { "POST", "/api/charge-points/CP1/request", { action = "ClearCache" } },
  { "POST", "/api/admin/chargers/" .. id .. "/remote-start", { id_tag = "SAME" } },
  { "POST", "/api/admin/chargers/" .. id .. "/remote-stop", { transaction_id = tid } },
  { "POST", "/api/admin/chargers/" .. id .. "/change-availability", { connector_id = 0, type = "Inoperative" } },
} do
  equal(http { method = change[1], path = change[2], body = change[3], key = mine.key }.status, 404, change[1] .. " " .. change[2])
end

log "a token of one name at two operators"
equal(http.get("/api/admin/tokens/SAME", nil, mine).body.status, "blocked")
equal(http.get("/api/admin/tokens/SAME", nil, theirs).body.status, "accepted")
equal(http.get("/api/admin/tokens/SAME").status, 409)
equal(http.get("/api/admin/tokens/SAME?operator_id=other").body.status, "accepted")
equal(http.get("/api/admin/tokens/SAME?operator_id=default", nil, theirs).body.operator_id, "other")

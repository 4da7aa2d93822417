-- Operators over REST: made, seen, changed, removed once nothing is theirs.
local PATH = "/api/admin/operators"
local function key_of(fields)
  fields.name = fields.role
  local made = http.post("/api/admin/keys", fields)
  equal(made.status, 201, made.text)
  return made.body
end
local function refused(answer, status, path)
  equal(answer.status, status, answer.text)
  equal(answer.headers["content-type"], "application/problem+json")
  if path then
    equal(answer.body.errors[1].path, path)
  end
end

log "the one that is always there"
local first = http.get(PATH).body
equal(#first.items, 1)
equal(first.items[1].id, "default")
refused(http.delete(PATH .. "/default"), 409)

log "a new one"
local answer = http.post(PATH, { id = "northern", name = "Northern Charging", time_zone = "Europe/Oslo", currency = "NOK" })
equal(answer.status, 201, answer.text)
equal(answer.headers.location, PATH .. "/northern")
matches(answer.body, { id = "northern", name = "Northern Charging", time_zone = "Europe/Oslo", currency = "NOK" })
equal(answer.body.created_at, answer.body.updated_at)
matches(http.post(PATH, { id = "plain", name = "Plain" }).body, { time_zone = "UTC", currency = "EUR" })
refused(http.post(PATH, { id = "northern", name = "Again" }), 409)
refused(http.post(PATH, { id = "x" }), 422, "name")
refused(http.post(PATH, { name = "x" }), 422, "id")
for _, id in ipairs { "a/b", "A", "-a", "_a", "a b", "", ("a"):rep(65) } do
  refused(http.post(PATH, { id = id, name = "x" }), 422, "id")
end
refused(http.post(PATH, { id = "x", name = "x", currency = "EUX" }), 422, "currency")
refused(http.post(PATH, { id = "x", name = "x", time_zone = "Mars/Olympus" }), 422, "time_zone")
refused(http.post(PATH, { id = "x", name = "x", state = "on" }), 422, "state")

log "changed, by its version"
local one = PATH .. "/northern"
local got = http.get(one)
local put = http.put(one, { name = "Northern" }, { headers = { ["If-Match"] = got.headers.etag } })
equal(put.status, 200, put.text)
matches(put.body, { name = "Northern", time_zone = "Europe/Oslo", currency = "NOK", created_at = got.body.created_at })
check(put.headers.etag ~= got.headers.etag)
refused(http.put(one, { name = "Old" }, { headers = { ["If-Match"] = got.headers.etag } }), 412)
refused(http.put(one, { id = "southern" }), 422, "id")
refused(http.put(one, { currency = "EUX" }), 422, "currency")
refused(http.put(PATH .. "/nobody", { name = "x" }), 404)
local version = http.get(PATH .. "/default").headers.etag -- of one that was never changed
equal(http.put(PATH .. "/default", { time_zone = "Europe/Berlin" }, { headers = { ["If-Match"] = version } }).status, 200)

log "pages, and CSV"
local page = http.get(PATH .. "?limit=2").body
equal(page.items[2].id, "northern")
matches(http.get(PATH .. "?limit=2&cursor=" .. page.next_cursor).body, { items = { { id = "plain" } }, next_cursor = json.null })
local csv = http.get(PATH .. "?format=csv").text
check(csv:find("id,name,time_zone,currency,state,created_at,updated_at\r\n", 1, true) and csv:find("northern,Northern,Europe/Oslo,NOK,", 1, true), csv)

log "its own people see it, and no other"
local key = key_of { role = "operator", operator_id = "northern" }
local reader = key_of { role = "readonly", operator_id = "northern" }
local driver = key_of { role = "user", operator_id = "northern", user_id = "anna" }
for _, who in ipairs { key, reader } do
  local list = http.get(PATH, nil, { key = who.key }).body
  equal(#list.items, 1)
  equal(list.items[1].id, "northern")
  equal(http.get(one, nil, { key = who.key }).status, 200)
  equal(http.get(PATH .. "/default", nil, { key = who.key }).status, 404)
  refused(http.post(PATH, { id = "x", name = "x" }, { key = who.key }), 403)
  refused(http.put(one, { name = "x" }, { key = who.key }), 403)
  refused(http.delete(one, nil, { key = who.key }), 403)
end
refused(http.get(PATH, nil, { key = driver.key }), 403)

log "what is made for it is its own, and holds it"
local function make(path, body)
  local made = http.post(path, body, { key = key.key })
  equal(made.status, 201, made.text)
  return made.body
end
local station = make("/api/admin/stations", { name = "Quay" })
local row = make("/api/admin/chargers", { charge_point_id = "CP1", station_id = station.id })
equal(station.operator_id, "northern")
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
http.post("/api/admin/chargers/" .. row.id .. "/commands", { action = "ClearCache" })
make("/api/admin/tokens", { id_tag = "TAG1" })
http.put(one .. "/authorization", { unknown = "accept" }, { key = key.key })
local tariff = make("/api/admin/tariffs", { name = "flat", currency = "NOK", bundled = "flat", settings = { price_per_kwh_minor = 300 } })
local subscription = make("/api/admin/subscriptions", { channel = "email", target = "a@example.org", events = { "*" } })
http.post("/api/admin/subscriptions/" .. subscription.id .. "/test", {})
make("/api/admin/users", { id = "bert", role = "user", name = "Bert" })
make("/api/admin/scripts", { scripts = { { name = "main", source = "function authorize(q) return nil end" } } })
make("/api/admin/transfer/hosts", { host = "api.example.com" })
make("/api/admin/files?name=f.bin", "bytes")
local held = http.delete(one)
refused(held, 409)
equal(held.body.detail, "the operator still has API keys, stations, chargers, tokens, users, tariffs, scripts, subscriptions, files, transfer hosts")

log "emptied, it goes"
cp:disconnect()
for _, path in ipairs {
  "/api/admin/chargers/" .. row.id, "/api/admin/stations/" .. station.id, "/api/admin/tokens/TAG1", "/api/admin/tariffs/" .. tariff.id,
  "/api/admin/subscriptions/" .. subscription.id, "/api/admin/users/bert", "/api/admin/transfer/hosts/" .. http.get("/api/admin/transfer/hosts").body.items[1].id,
  "/api/admin/scripts/" .. http.get("/api/admin/scripts").body.items[1].id, "/api/admin/files/" .. http.get("/api/admin/files").body.items[1].id,
} do
  equal(http.delete(path).status, 204, path)
end
equal(http.delete(one).body.detail, "the operator still has API keys")
for _, each in ipairs { key, reader, driver } do
  equal(http.delete("/api/admin/keys/" .. each.id).status, 204)
end
equal(http.delete(one).status, 204)
refused(http.get(one), 404)
refused(http.delete(one), 404)
refused(http.post("/api/admin/stations", { name = "x", operator_id = "northern" }), 422, "operator_id")
refused(http.post(PATH, { id = "northern", name = "Others" }), 409)
equal(http.post(PATH, { id = "northern2", name = "Others" }).status, 201)

log "the audit tells it"
local changes = http.get("/api/admin/audit?path=" .. escape(one)).body.items
matches(changes[1], { method = "DELETE", status = 204, before = { id = "northern", name = "Northern" } })

-- An operator that an admin disables: its keys, people and tokens are refused, at once and after a restart; its chargers go on, running
-- sessions end and are billed; and all of it comes back when it is enabled.
settings { config = { operators = { refresh = "200ms" }, users = { scrypt_log_n = 10 } } }
local sse = require "sse"
local browser = require "signing_in".browser
local PATH = "/api/admin/operators/northern"
equal(http.post("/api/admin/operators", { id = "northern", name = "Northern", currency = "NOK" }).status, 201)
matches(http.get(PATH).body, { state = "active" })

local function key_of(role, operator_id, user_id)
  local made = http.post("/api/admin/keys", { name = role, role = role, operator_id = operator_id, user_id = user_id })
  equal(made.status, 201, made.text)
  return made.body.key
end
local function status(path, key)
  return http.get(path, nil, { key = key }).status
end
local function set(state)
  local put = http.put(PATH, { state = state })
  equal(put.status, 200, put.text)
  equal(put.body.state, state)
end

local north = { operator = key_of("operator", "northern"), readonly = key_of("readonly", "northern"), user = key_of("user", "northern", "nora") }
local ours = key_of("operator", "default")
local function make(path, body, key)
  local made = http.post(path, body, { key = key or north.operator })
  equal(made.status, 201, made.text)
  return made.body
end
make("/api/admin/users", { id = "nora", name = "Nora", role = "user", email = "nora@example.org", password = "correct horse battery" })
local nora = browser()
equal(nora.login({ email = "nora@example.org", password = "correct horse battery" }).status, 200)
equal(nora.call("GET", "/auth/profile").status, 200)
local row = make("/api/admin/chargers", { charge_point_id = "NORTH1" })
make("/api/admin/tokens", { id_tag = "NORTH-TAG", user_id = "nora" })
local tariff = make("/api/admin/tariffs", { name = "flat", currency = "NOK", bundled = "flat", settings = { price_per_kwh_minor = 300 } })
equal(http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", {}, { key = north.operator }).status, 200)
make("/api/admin/users/nora/wallet", { currency = "NOK", credit_limit_minor = 100000 })
make("/api/admin/scripts", { scripts = { { name = "main", source = "function authorize(q) if q.id_tag == 'ANYTHING' then return { status = 'Accepted' } end end" } } })
seed.charger "OURS1"
seed.token "OUR-TAG"

local function booted(id)
  local cp = charger { id = id }
  cp:connect()
  equal(cp:boot().status, "Accepted")
  return cp
end
local cp, other = booted "NORTH1", booted "OURS1"
eventually(function()
  return cp:authorize("ANYTHING").status == "Accepted" -- by the script
end)
local session = cp:start { connector = 1, id_tag = "NORTH-TAG", meter_start = 0 }
equal(session.status, "Accepted")
local stream = sse.open("/api/events?kind=charger", { key = north.operator })
local facts = sse.open "/api/events?kind=operator"

log "only an admin may"
for _, key in pairs(north) do
  equal(http.put(PATH, { state = "disabled" }, { key = key }).status, 403)
end
equal(http.put(PATH, { state = "off" }).status, 422)
matches(http.get(PATH).body, { state = "active" })

log "disabled: its keys and people are told so"
set "disabled"
facts:expect "operator.disabled"
matches(http.get("/api/admin/operators").body, { items = { { id = "default", state = "active" }, { id = "northern", state = "disabled" } } })
local function locked_out()
  for role, key in pairs(north) do
    local answer = http.get("/auth/profile", nil, { key = key })
    equal(answer.status, 403, role)
    equal(answer.body.detail, "the operator northern is disabled")
  end
  equal(http.post("/api/admin/tokens", { id_tag = "MORE" }, { key = north.operator }).status, 403)
  equal(nora.call("GET", "/auth/profile").status, 403)
  equal(browser().login({ email = "nora@example.org", password = "correct horse battery" }).status, 403)
  equal(browser().login({ email = "nora@example.org", password = "wrong horse battery" }).status, 401)
end
locked_out()
while stream:pull(20) do end
check(stream.ended, "its stream of events goes on")
equal(status("/api/admin/tokens", ours), 200)

log "its tokens are refused, whatever its scripts say; its chargers go on"
equal(cp:authorize("NORTH-TAG").status, "Blocked")
equal(cp:authorize("ANYTHING").status, "Blocked")
equal(other:authorize("OUR-TAG").status, "Accepted")
cp:heartbeat()
equal(cp:start({ connector = 2, id_tag = "NORTH-TAG", meter_start = 0 }).status, "Blocked")

log "still so after a restart; the running session ends, and is billed"
server.stop()
server.start()
locked_out()
cp:reconnect()
equal(cp:boot().status, "Accepted")
equal(cp:authorize("NORTH-TAG").status, "Blocked")
session:meter { energy_wh = 5000 }
session:stop { meter_stop = 10000 }
local function billed()
  local t = http.get("/api/admin/transactions/" .. session.id).body
  return t.state == "completed" and t.price ~= json.null and t.price.amount_minor == 3000
    and http.get("/api/admin/transactions/" .. session.id .. "/bill").body.state == "billed"
end
eventually(billed)

log "the admin works on what is its own; the change is in the audit"
equal(http.get("/api/admin/chargers/" .. row.id).body.charge_point_id, "NORTH1")
local audit = http.get("/api/admin/audit?path=" .. PATH).body.items
matches(audit[1], { method = "PUT", before = { state = "active" }, after = { state = "disabled" } })

log "enabled again, all is as it was"
set "active"
for role, key in pairs(north) do
  equal(status("/auth/profile", key), 200, role)
end
equal(nora.call("GET", "/auth/profile").status, 200)
equal(browser().login({ email = "nora@example.org", password = "correct horse battery" }).status, 200)
equal(cp:authorize("NORTH-TAG").status, "Accepted")
facts = sse.open "/api/events?kind=operator&last_event_id=0"
facts:expect "operator.disabled"
facts:expect "operator.enabled"

log "changed by another node"
server.sql "update operators set state = 'disabled' where id = 'northern';"
eventually(function()
  return status("/auth/profile", north.operator) == 403
end)
equal(cp:authorize("NORTH-TAG").status, "Blocked")
server.sql "update operators set state = 'active' where id = 'northern';"
eventually(function()
  return status("/auth/profile", north.operator) == 200
end)

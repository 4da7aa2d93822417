-- How reservations end without a session: their time, by the charger's word or by our clock; a fault; the
-- charger out of service. And what waits for a charger that is away.
settings { config = { ocpp16_reservation = { check_every = "200ms" } } }
seed.charger "RES3"
seed.token "RES3-A"
local cp = charger { id = "RES3", connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=RES3").body.items[1].id
local path = base .. "/reservations"

local function reserve(connector, seconds)
  local made = http.post(path, { connector_id = connector, id_tag = "RES3-A", expires_in_s = seconds or 3600 })
  matches(made, { status = 200, body = { state = "accepted" } })
  return made.body.reservation_id
end

local function get(id)
  return http.get(path .. "/" .. id).body
end

local function becomes(id, state)
  return eventually(function()
    local r = get(id)
    return r.state == state and r
  end)
end

log "its time is up: Reserved, then Available"
local id = reserve(1, 3)
becomes(id, "expired")
equal(get(id).reason, json.null)

log "a silent charger: our clock"
cp:on("ReserveNow", { status = "Accepted" })
id = reserve(2, 2)
matches(becomes(id, "expired"), { confirmed_at = json.null, history = function(h)
  return h[#h].detail == "its time is up"
end })
cp:on "ReserveNow"

log "the connector fails, the other does not matter"
id = reserve(1)
cp:status(2, "Faulted")
cp:status(2, "Available")
cp:status { connector = 1, status = "Faulted", error = "GroundFailure" }
matches(becomes(id, "ended"), { reason = "Faulted" })
cp:status(1, "Available")

log "the connector goes out of service"
id = reserve(1)
matches(http.post(base .. "/change-availability", { connector_id = 1, type = "Inoperative" }), { body = { state = "accepted" } })
matches(becomes(id, "ended"), { reason = "Unavailable" })
equal(http.post(path, { connector_id = 1, id_tag = "RES3-A", expires_in_s = 60 }).body.response.status, "Unavailable")
http.post(base .. "/change-availability", { connector_id = 1, type = "Operative" })

log "the whole charger: its connectors do not matter, it does"
id = reserve(0)
cp:status(1, "Faulted")
cp:status(1, "Available")
local own = reserve(2)
equal(get(id).state, "active")
cp:status(0, "Unavailable")
matches(becomes(id, "ended"), { reason = "Unavailable" })
matches(becomes(own, "ended"), { reason = "Unavailable" })
cp:status(0, "Available")
cp.reservations = {}
cp:status(2, "Available")

log "Available long before its time: the charger has forgotten it"
id = reserve(1)
eventually(function()
  return get(id).confirmed_at ~= json.null
end)
cp.reservations = {}
cp:status(1, "Available")
matches(becomes(id, "ended"), { reason = "Available" })

log "a start made offline while it held, told after its end"
id = reserve(1, 2)
cp:drop()
becomes(id, "expired")
cp:reconnect()
cp:boot()
local session = cp:start { connector = 1, id_tag = "RES3-A", timestamp = now(-3), reservation_id = id }
becomes(id, "used")
session:stop {}
cp:status(1, "Available")

log "for a charger that is away"
cp:disconnect()
local body = { connector_id = 1, id_tag = "RES3-A", expires_in_s = 3600 }
equal(http.post(path, body).status, 409)
body.if_offline, body.wait_s = "queue", 0
local queued = http.post(path, body)
matches(queued, { status = 202, body = { state = "queued" } })
equal(get(queued.body.reservation_id).state, "pending")
cp:reconnect()
cp:boot()
becomes(queued.body.reservation_id, "active")
equal(http.delete(path .. "/" .. queued.body.reservation_id).body.state, "accepted")

log "it comes too late"
cp:disconnect()
body.expires_in_s = 2
queued = http.post(path, body)
matches(becomes(queued.body.reservation_id, "expired"), {})
cp:reconnect()
cp:boot()
while cp:receive(0) do
end
cp:expect_nothing(0.5)
eventually(function()
  local state = http.get("/api/admin/commands/" .. queued.body.id).body.state
  return state == "expired" or state == "failed" -- when the charger was back within the last instant
end)

log "cancelled while it is away"
body.expires_in_s = 3600
id = reserve(1)
cp:disconnect()
equal(http.delete(path .. "/" .. id).status, 409)
matches(http.delete(path .. "/" .. id .. "?if_offline=queue&wait_s=0"), { status = 202, body = { state = "queued" } })
cp:reconnect()
cp:boot()
becomes(id, "cancelled")

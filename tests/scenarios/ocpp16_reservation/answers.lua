-- What the charger may answer, what is refused before it is asked, and what the raw command leaves behind.
settings { config = { ocpp16_reservation = { check_every = "200ms" } } }
seed.charger "RES2"
seed.token "RES2-A"
seed.token { id_tag = "RES2-BLOCKED", status = "blocked" }
local cp = charger { id = "RES2", connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=RES2").body.items[1].id
local path = base .. "/reservations"

local function post(body)
  return http.post(path, body)
end

local function latest()
  return http.get(path .. "/" .. http.get(path .. "?limit=1").body.items[1].reservation_id).body
end

local function becomes(id, state)
  return eventually(function()
    local r = http.get(path .. "/" .. id).body
    return r.state == state and r
  end)
end

log "refused by the charger"
for _, status in ipairs { "Faulted", "Occupied", "Rejected", "Unavailable" } do
  cp:on("ReserveNow", { status = status })
  matches(post { connector_id = 1, id_tag = "RES2-A", expires_in_s = 60 },
    { status = 200, body = { state = "rejected", response = { status = status } } })
  matches(latest(), { state = "rejected", status = status, connector_id = 1, history = { { state = "pending" }, { state = "rejected", detail = status } } })
end
cp:on("ReserveNow", function()
  return nil, "NotSupported", "no reservations here"
end)
matches(post { connector_id = 1, id_tag = "RES2-A", expires_in_s = 60 }, { status = 200, body = { state = "failed", error = { code = "NotSupported" } } })
matches(latest(), { state = "rejected", status = json.null, reason = "NotSupported" })

log "refused before it is asked"
cp:on "ReserveNow"
local before = #http.get(base .. "/commands?action=ReserveNow").body.items
local function refused(body, status, field)
  local answer = post(body)
  equal(answer.status, status)
  if field then
    equal(answer.body.errors[1].path, field)
  end
end
refused({ connector_id = 1, id_tag = "RES2-A", expires_at = now(-5) }, 422, "expires_at")
refused({ connector_id = 1, id_tag = "RES2-A" }, 422, "expires_at")
refused({ connector_id = 1, id_tag = "RES2-A", expires_at = now(60), expires_in_s = 60 }, 422, "expires_at")
refused({ connector_id = 1, id_tag = "NOBODY", expires_in_s = 60 }, 422, "id_tag")
refused({ connector_id = 1, id_tag = "RES2-BLOCKED", expires_in_s = 60 }, 422, "id_tag")
refused({ connector_id = -1, id_tag = "RES2-A", expires_in_s = 60 }, 422, "connector_id")
equal(post({ connector_id = 1, id_tag = "RES2-A", expires_in_s = 3600 }).body.state, "accepted")
local held = latest().reservation_id
refused({ connector_id = 1, id_tag = "RES2-A", expires_in_s = 60 }, 409)
equal(#http.get(base .. "/commands?action=ReserveNow").body.items, before + 1)

log "connector 0 where the charger has said that it cannot"
cp.configuration.ReserveConnectorZeroSupported = "false"
equal(post({ connector_id = 0, id_tag = "RES2-A", expires_in_s = 60 }).body.state, "rejected") -- not known yet
http.post(base .. "/commands", { action = "GetConfiguration", payload = {} })
refused({ connector_id = 0, id_tag = "RES2-A", expires_in_s = 60 }, 422, "connector_id")
cp.configuration.ReserveConnectorZeroSupported = "true"
http.post(base .. "/commands", { action = "GetConfiguration", payload = { key = { "ReserveConnectorZeroSupported" } } })

log "the same number again replaces it; refused, the first stays"
matches(post { connector_id = 1, id_tag = "RES2-A", expires_in_s = 7200, reservation_id = held }, { body = { state = "accepted", reservation_id = held } })
local extended = http.get(path .. "/" .. held).body
equal(extended.state, "active")
cp:on("ReserveNow", { status = "Occupied" })
matches(post { connector_id = 2, id_tag = "RES2-A", expires_in_s = 60, reservation_id = held }, { body = { state = "rejected" } })
matches(http.get(path .. "/" .. held).body, { state = "active", connector_id = 1, expires_at = extended.expires_at, status = "Occupied" })
cp:on "ReserveNow"

log "cancelling: refused it stays, accepted it is gone, twice is once too often"
cp:on("CancelReservation", { status = "Rejected" })
matches(http.delete(path .. "/" .. held), { status = 200, body = { state = "rejected", reservation_id = held } })
equal(http.get(path .. "/" .. held).body.state, "active")
cp:on "CancelReservation"
matches(http.delete(path .. "/" .. held), { status = 200, body = { state = "accepted", response = { status = "Accepted" } } })
becomes(held, "cancelled")
equal(http.delete(path .. "/" .. held).status, 409)
equal(http.delete(path .. "/4711").status, 404)
equal(http.delete(path .. "/" .. held .. "?wait_s=x").status, 400)

log "the charger reports Available before it answers the cancelling"
local crossing = post({ connector_id = 1, id_tag = "RES2-A", expires_in_s = 3600 }).body.reservation_id
eventually(function()
  return latest().confirmed_at ~= json.null
end)
cp:on("CancelReservation", function()
  cp.reservations = {}
  cp:status(1, "Available")
  return { status = "Accepted" }
end)
equal(http.delete(path .. "/" .. crossing).body.state, "accepted")
becomes(crossing, "cancelled")
cp:on "CancelReservation"

log "sent by hand: recorded as well"
local raw = base .. "/commands"
matches(http.post(raw, { action = "ReserveNow", payload = { connectorId = 2, expiryDate = now(3600), idTag = "RES2-A", reservationId = 500 } }), { body = { state = "accepted" } })
matches(becomes(500, "active"), { connector_id = 2, id_tag = "RES2-A" })
equal(http.post(raw, { action = "ReserveNow", payload = { connectorId = 2, expiryDate = now(-1), idTag = "RES2-A", reservationId = 501 } }).status, 422)
equal(http.post(raw, { action = "ReserveNow", payload = { connectorId = 2, expiryDate = now(60), idTag = "RES2-A", reservationId = 0 } }).status, 422)
equal(http.post(raw, { action = "ReserveNow", payload = { connectorId = -1, expiryDate = now(60), idTag = "RES2-A", reservationId = 501 } }).status, 422)
matches(http.post(raw, { action = "CancelReservation", payload = { reservationId = 500 } }), { body = { state = "accepted" } })
becomes(500, "cancelled")
matches(http.post(raw, { action = "CancelReservation", payload = { reservationId = 77777 } }), { body = { state = "rejected" } })

log "no answer: nobody knows, until it is cancelled or its time is up"
cp:on("ReserveNow", false)
while cp:receive(0) do
end
matches(post { connector_id = 1, id_tag = "RES2-A", expires_in_s = 3600, wait_s = 0 }, { status = 202 })
cp:expect { action = "ReserveNow" }
cp:drop()
cp:on "ReserveNow"
local lost = latest().reservation_id
eventually(function()
  return latest().reason == "the charger has not answered"
end)
equal(latest().state, "pending")
cp:reconnect()
cp:boot()
cp:on("CancelReservation", { status = "Rejected" })
matches(http.delete(path .. "/" .. lost), { body = { state = "rejected" } })
matches(becomes(lost, "cancelled"), { reason = "unknown to the charger" })

log "another operator's key sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(http { method = "GET", path = path, key = key }.status, 404)
equal(#http { method = "GET", path = "/api/admin/reservations", key = key }.body.items, 0)
equal(http { method = "DELETE", path = path .. "/" .. lost, key = key }.status, 404)

-- A connector is reserved, reported as Reserved, and used: with the reservation's number, without it, by the
-- group's other token; by another token, whose session is not lost.
settings { config = { ocpp16_reservation = { check_every = "200ms" } } }
seed.charger "RES1"
seed.token { id_tag = "RES-GROUP" }
seed.token { id_tag = "RES-A", parent_id_tag = "RES-GROUP" }
seed.token { id_tag = "RES-B", parent_id_tag = "RES-GROUP" }
seed.token "RES-OTHER"
local cp = charger { id = "RES1", connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=RES1").body.items[1].id
local path = base .. "/reservations"

local function reservation(id)
  return http.get(path .. "/" .. id).body
end

local function becomes(id, wanted)
  return eventually(function()
    local r = reservation(id)
    for key, value in pairs(wanted) do
      if r[key] ~= value then
        return nil
      end
    end
    return r
  end)
end

local function reserve(body)
  body.expires_in_s = body.expires_in_s or 3600
  local made = http.post(path, body)
  matches(made, { status = 200, body = { state = "accepted", response = { status = "Accepted" } } })
  return made.body.reservation_id
end

local function transaction_of(session)
  for _, t in ipairs(http.get("/api/admin/transactions?charger=RES1").body.items) do
    if t.protocol_id == tostring(session.id) then
      return t.id
    end
  end
end

log "asked for, confirmed, used by its number"
local first = reserve { connector_id = 1, id_tag = "RES-A" }
equal(first, 1)
local r = becomes(first, { state = "active" })
equal(r.parent_id_tag, "RES-GROUP", "that of the token")
check(becomes(first, {}).accepted_at ~= json.null)
eventually(function()
  return reservation(first).confirmed_at ~= json.null
end)
local sent = eventually(function()
  local message = http.get(base .. "/messages?action=ReserveNow&direction=out").body.items[1]
  return message and message.payload
end)
matches(sent, { connectorId = 1, idTag = "RES-A", parentIdTag = "RES-GROUP", reservationId = 1 })
check(not sent.expiryDate:find(".", 1, true), "whole seconds: " .. sent.expiryDate)

local session = cp:start { connector = 1, id_tag = "RES-A" }
r = becomes(first, { state = "used", transaction_id = transaction_of(session) })
equal(r.reason, json.null)
equal(r.history[1].state, "pending")
equal(r.history[#r.history].state, "used")
equal(http.get("/api/admin/transactions/" .. r.transaction_id).body.reservation_id, first)
session:stop {}
cp:status(1, "Available")

log "its number is forgotten: by the token, then by one of the group"
for _, tag in ipairs { "res-a", "RES-B" } do
  local id = reserve { connector_id = 1, id_tag = "RES-A" }
  local forgot = cp:start { connector = 1, id_tag = tag, reservation_id = false }
  becomes(id, { state = "used", transaction_id = transaction_of(forgot) })
  forgot:stop {}
  cp:call("CancelReservation", {}) -- not ours to be asked: answered with an error, which changes nothing
  cp.reservations = {}
  cp:status(1, "Available")
end

log "number 0 is none"
local zero = reserve { connector_id = 2, id_tag = "RES-A" }
local session0 = cp:start { connector = 2, id_tag = "RES-A", reservation_id = 0 }
becomes(zero, { state = "used", transaction_id = transaction_of(session0) })
session0:stop {}
cp.reservations = {}
cp:status(2, "Available")

log "the whole charger, used on the second connector"
local whole = reserve { connector_id = 0, id_tag = "RES-A" }
local on2 = cp:start { connector = 2, id_tag = "RES-A" }
becomes(whole, { state = "used", transaction_id = transaction_of(on2) })
on2:stop {}
cp:status(2, "Available")

log "the connector's own is used before the charger's, and one session uses one"
local whole2 = reserve { connector_id = 0, id_tag = "RES-A" }
local own = reserve { connector_id = 1, id_tag = "RES-A" }
local s = cp:start { connector = 1, id_tag = "RES-A", reservation_id = false }
becomes(own, { state = "used", transaction_id = transaction_of(s) })
equal(reservation(whole2).state, "active")
s:stop {}
equal(http.delete(path .. "/" .. whole2).body.state, "accepted")
becomes(whole2, { state = "cancelled" })
cp.reservations = {}
cp:status(1, "Available")

log "another token gets in: its session goes on, the reservation stays, both are told"
local held = reserve { connector_id = 1, id_tag = "RES-A" }
local intruder = cp:start { connector = 1, id_tag = "RES-OTHER", reservation_id = false }
equal(intruder.status, "Accepted")
eventually(function()
  local history = reservation(held).history
  return history[#history].detail:find("RES-OTHER", 1, true)
end)
equal(reservation(held).state, "active")
check(server.log():find("of another token runs on connector 1", 1, true))
intruder:stop {}

log "another token, but the charger says that it used the reservation"
local named = cp:start { connector = 1, id_tag = "RES-OTHER", reservation_id = held }
matches(becomes(held, { state = "used" }), { reason = "by another token", transaction_id = transaction_of(named) })
named:stop {}
cp:status(1, "Available")

log "lists"
equal(#http.get(path .. "?state=used").body.items, 7)
equal(#http.get("/api/admin/reservations?id_tag=res-a&charger_id=" .. base:match "%d+$").body.items, 8)
local page = http.get(path .. "?limit=3").body
equal(#page.items, 3)
equal(page.items[1].reservation_id, held)
equal(http.get(path .. "?limit=3&cursor=" .. page.next_cursor).body.items[1].reservation_id, held - 3)
equal(page.items[1].history, nil)
equal(http.get(path .. "?cursor=x").status, 400)
equal(http.get(path .. "/999").status, 404)
equal(http.get("/api/admin/chargers/999/reservations").status, 404)

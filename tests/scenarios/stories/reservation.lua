-- A driver reserves a connector: nobody else gets it, and the reservation ends with the session that uses it. Another one is
-- cancelled, a third runs out.
local id = arg[1] or "STORY-RESERVATION"
local registered = seed.charger(id)
seed.token "STORY-RESERVER"
seed.token "STORY-PASSER"
local path = "/api/admin/chargers/" .. registered.id .. "/reservations"

local cp = charger { id = id, connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()

local function reserve(connector, seconds)
  local answer = http.post(path, { connector_id = connector, id_tag = "STORY-RESERVER", expires_in_s = seconds })
  equal(answer.status, 200, answer.text)
  equal(answer.body.state, "accepted")
  return answer.body.reservation_id
end

local function becomes(reservation, state)
  return eventually(function()
    local r = http.get(path .. "/" .. reservation).body
    return r.state == state and r
  end, 30)
end

local first = reserve(1, 900)
becomes(first, "active")
equal(cp.connector[1].status, "Reserved")
equal(select(2, cp:present { connector = 1, id_tag = "STORY-PASSER" }), "Reserved")
local session = cp:present { connector = 1, id_tag = "STORY-RESERVER" }
local used = becomes(first, "used")
equal(http.get("/api/admin/transactions/" .. used.transaction_id).body.reservation_id, first)
cp:finish(session, "Local")
equal(cp.connector[1].status, "Available")

-- Plans change.
local second = reserve(2, 900)
equal(cp.connector[2].status, "Reserved")
equal(http.delete(path .. "/" .. second).body.state, "accepted")
becomes(second, "cancelled")
eventually(function()
  return cp.connector[2].status == "Available"
end)

-- Nobody comes.
local third = reserve(2, 2)
becomes(third, "expired")
eventually(function()
  return cp.connector[2].status == "Available"
end)
cp:disconnect()

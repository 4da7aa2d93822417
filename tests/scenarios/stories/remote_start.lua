-- The operator starts a session for a driver who forgot the card, and stops it.
local id = arg[1] or "STORY-REMOTE"
local registered = seed.charger(id)
seed.token "STORY-REMOTE"
local api = "/api/admin/chargers/" .. registered.id

local cp = charger { id = id, connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()

local started = http.post(api .. "/remote-start", { connector_id = 2, id_tag = "STORY-REMOTE" })
equal(started.status, 200)
matches(started.body, { state = "accepted", response = { status = "Accepted" } })
local session = eventually(function()
  local running = cp:session(2)
  return running and running.id and running
end)
equal(session.id_tag, "STORY-REMOTE")
session:meter { energy_wh = 700 }

-- The connector is taken now.
local again = http.post(api .. "/remote-start", { connector_id = 2, id_tag = "STORY-REMOTE" })
matches(again.body, { state = "rejected", response = { status = "Rejected" } })

local stopped = http.post(api .. "/remote-stop", { connector_id = 2 })
equal(stopped.status, 200)
matches(stopped.body, { state = "accepted" })

local transaction = eventually(function()
  local t = http.get("/api/admin/transactions?charger=" .. escape(id)).body.items[1]
  return t.state == "completed" and t
end)
matches(transaction, { connector_id = 2, stop_reason = "Remote", energy_wh = 700, protocol_id = tostring(session.id) })

-- The car leaves, and the connector is free again.
eventually(function()
  for _, connector in ipairs(http.get(api).body.connectors) do
    if connector.connector_id == 2 and connector.status == "Available" then
      return true
    end
  end
end)

-- Whoever is not there cannot be commanded.
cp:disconnect()
local gone = eventually(function()
  local answer = http.post(api .. "/remote-start", { connector_id = 1, id_tag = "STORY-REMOTE" })
  return answer.status == 409 and answer
end)
equal(gone.headers["content-type"]:match "^[^;]+", "application/problem+json")

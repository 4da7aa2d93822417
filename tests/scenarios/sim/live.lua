-- A charger that lives by itself: it boots, comes back after the server does, beats its heart and reads its meter as it is told
-- to. Only the cars are the story's.
local registered = seed.charger "SIM-LIVE"
seed.token "SIM-LIVE"
local api = "/api/admin/chargers/" .. registered.id

local cp = charger { id = "SIM-LIVE", connectors = 2, power_w = 3600000 }
cp:live()
eventually(function()
  return cp.accepted
end)

local function statuses()
  local found = {}
  for _, connector in ipairs(http.get(api).body.connectors) do
    found[connector.connector_id] = connector.status
  end
  return found
end
eventually(function()
  return statuses()[2] == "Available"
end)

local function command(action, payload)
  local answer = http.post(api .. "/commands", { action = action, payload = payload, wait_s = 5 })
  matches(answer.body, { state = "accepted" })
end
local function configure(key, value)
  command("ChangeConfiguration", { key = key, value = value })
end
configure("HeartbeatInterval", "1")
configure("MeterValueSampleInterval", "1")
local function count(action)
  local n = 0
  for _, entry in ipairs(cp.history) do
    n = n + (entry.text:find("^" .. action) and 1 or 0)
  end
  return n
end
local before = count "Heartbeat"
eventually(function()
  return count "Heartbeat" >= before + 2
end)

-- A card that is not known, one that is; the meter runs within what the connector gives.
local session, why = cp:present { connector = 1, id_tag = "NOBODY" }
equal(session, nil)
equal(why, "Invalid")
session = cp:present { connector = 1, id_tag = "SIM-LIVE" }
equal(session.status, "Accepted")
why = select(2, cp:present { connector = 1, id_tag = "SIM-LIVE" })
equal(why, "Charging", "the connector is taken")
local transaction = http.get("/api/admin/transactions?charger=SIM-LIVE").body.items[1]
eventually(function()
  local values = http.get("/api/admin/transactions/" .. transaction.id .. "/meter-values").body.items
  return #values >= 2 and values[1].power_w == 22080
end)

-- The server goes and comes back: the charger too, with what happened meanwhile.
server.stop()
eventually(function()
  return not cp.connected
end)
cp:finish(cp:session(1), "Local")
equal(cp:identify("SIM-LIVE").status, "Accepted", "from its cache")
equal(cp:identify("NOBODY").status, "Invalid")
session = cp:present { connector = 2, id_tag = "SIM-LIVE" }
equal(session.id, nil)
server.start()
eventually(function()
  return cp.connected and session.id
end)
cp:flush()
eventually(function()
  local seen = statuses()
  return seen[1] == "Available" and seen[2] == "Charging"
end)
matches(http.get("/api/admin/transactions/" .. transaction.id).body, { state = "completed", stop_reason = "Local" })
cp:finish(session, "Local")

-- A reset ends the line and makes one new one, not a second by the side.
local function connections()
  return select(2, server.log():gsub("charger SIM%-LIVE connected, remote", ""))
end
local lines, boots = connections(), count "BootNotification"
command("Reset", { type = "Soft" })
eventually(function()
  return count "BootNotification" > boots and cp.accepted
end)
local beats = count "Heartbeat"
configure("HeartbeatInterval", "1")
eventually(function()
  return count "Heartbeat" > beats
end)
equal(connections(), lines + 1)
equal(count "BootNotification", boots + 1)

-- After an error a transaction's message is tried again, as often as it is configured.
cp.configuration.TransactionMessageAttempts, cp.configuration.TransactionMessageRetryInterval = "3", "0"
local tries = count "MeterValues"
fails(function()
  session:meter { meter_values = { { timestamp = "noon", sampledValue = { { value = "1" } } } } }
end, "PropertyConstraintViolation")
equal(count "MeterValues" - tries, 3)
cp:halt()

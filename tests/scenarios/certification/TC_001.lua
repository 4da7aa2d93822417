-- A charger starts: it is accepted, told the time and how often to tell that it is alive, and listened to.
local case = require "certification"
local cp = case.charger { connectors = 2 }

local charger_row = http.get(cp.rest).body
equal(charger_row.connected, true)
equal(charger_row.registration, "accepted")
for connector = 0, 2 do
  case.connector(cp, connector, "Available")
end
matches(cp:heartbeat().currentTime, function(time)
  return time:sub(1, 19) >= now(-5):sub(1, 19)
end)
case.flow(cp, "Heartbeat")

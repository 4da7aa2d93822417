-- A transaction began while the charger was offline, with a valid token: told late, and accepted.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:drop()
local session = cp:start { id_tag = driver, timestamp = cp:now(-600) }
cp:reconnect()
cp:flush()
case.accepted(session)
cp:status(1, "Charging")
case.transaction(cp, session, {
  state = "active",
  id_tag = driver,
  started_at = function(at)
    return at:sub(1, 19) == session.timestamp:sub(1, 19)
  end,
})
case.flow(cp, "StartTransaction StatusNotification")

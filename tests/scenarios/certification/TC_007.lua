-- A token that the charger has in its cache: the transaction starts without an Authorize before it.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:status(1, "Preparing")
local session = cp:start { id_tag = driver }
case.accepted(session)
cp:status(1, "Charging")
case.transaction(cp, session, { state = "active", connector_id = 1, id_tag = driver })
case.flow(cp, "StatusNotification StartTransaction StatusNotification")

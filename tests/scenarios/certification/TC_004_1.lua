-- A session: the card first, then the cable.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

equal(cp:authorize(driver).status, "Accepted")
cp:status(1, "Preparing")
local session = cp:start { id_tag = driver }
case.accepted(session)
cp:status(1, "Charging")
case.connector(cp, 1, "Charging")
case.transaction(cp, session, { state = "active", connector_id = 1, id_tag = driver })
case.flow(cp, "Authorize StatusNotification StartTransaction StatusNotification")

-- A remote start before the cable is plugged in.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:on("RemoteStartTransaction", { status = "Accepted" })
case.post(cp, "remote-start", { id_tag = driver, connector_id = 1 })
case.sent(cp, "RemoteStartTransaction", { idTag = driver, connectorId = 1 })
equal(cp:authorize(driver).status, "Accepted")
cp:status(1, "Preparing")
local session = cp:start { id_tag = driver }
case.accepted(session)
cp:status(1, "Charging")
case.connector(cp, 1, "Charging")
case.transaction(cp, session, { state = "active", connector_id = 1, id_tag = driver })
case.flow(cp, "[RemoteStartTransaction] Authorize StatusNotification StartTransaction StatusNotification")

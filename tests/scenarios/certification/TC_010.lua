-- A remote start while the cable is plugged in.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:status(1, "Preparing")
case.post(cp, "remote-start", { id_tag = driver, connector_id = 1 })
case.sent(cp, "RemoteStartTransaction", { idTag = driver, connectorId = 1 }, { "chargingProfile" })
local session = case.begun(cp)
equal(cp.cache[driver].status, "Accepted")
case.transaction(cp, session, { state = "active", connector_id = 1, id_tag = driver })
case.flow(cp, "StatusNotification [RemoteStartTransaction] Authorize StatusNotification StartTransaction StatusNotification")
case.connector(cp, 1, "Charging")

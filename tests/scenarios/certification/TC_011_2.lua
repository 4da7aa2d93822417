-- A remote start, but no cable is plugged in before the charger's ConnectionTimeOut: no transaction.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:on("RemoteStartTransaction", { status = "Accepted" })
case.post(cp, "remote-start", { id_tag = driver, connector_id = 1 })
equal(cp:authorize(driver).status, "Accepted")
cp:status(1, "Preparing")
case.connector(cp, 1, "Preparing")
cp:status(1, "Available")
case.connector(cp, 1, "Available")
equal(#case.transactions(cp), 0)
case.flow(cp, "[RemoteStartTransaction] Authorize StatusNotification StatusNotification")

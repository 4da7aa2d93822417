-- A connector is unlocked while a transaction runs there: it ends for that reason.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local session = case.session(cp, driver)
case.send(cp, "UnlockConnector", { connectorId = 1 }, "Unlocked")
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification "
  .. "[UnlockConnector] StopTransaction StatusNotification StatusNotification")
case.transaction(cp, session, { state = "completed", stop_reason = "UnlockCommand" })
case.connector(cp, 1, "Available")

-- A connector that the charger does not have is to be unlocked.
local case = require "certification"
local cp = case.charger()

case.send(cp, "UnlockConnector", { connectorId = 9 }, "NotSupported")
case.sent(cp, "UnlockConnector", { connectorId = 9 })
case.flow(cp, "[UnlockConnector]")

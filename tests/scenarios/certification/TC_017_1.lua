-- A connector is unlocked while nothing runs there; its cable is loose.
local case = require "certification"
local cp = case.charger()

case.send(cp, "UnlockConnector", { connectorId = 1 }, "Unlocked")
case.sent(cp, "UnlockConnector", { connectorId = 1 })
case.flow(cp, "[UnlockConnector]")

-- A connector with a fixed cable is to be unlocked: the charger says that it has no lock.
local case = require "certification"
local cp = case.charger()

cp:on("UnlockConnector", { status = "NotSupported" })
case.send(cp, "UnlockConnector", { connectorId = 1 }, "NotSupported")
case.sent(cp, "UnlockConnector", { connectorId = 1 })
case.flow(cp, "[UnlockConnector]")

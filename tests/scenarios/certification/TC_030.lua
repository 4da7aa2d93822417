-- A connector cannot be unlocked.
local case = require "certification"
local cp = case.charger()

cp:on("UnlockConnector", { status = "UnlockFailed" })
case.send(cp, "UnlockConnector", { connectorId = 1 }, "UnlockFailed")
case.flow(cp, "[UnlockConnector]")

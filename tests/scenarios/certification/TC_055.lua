-- A charger refuses to send what it is asked for.
local case = require "certification"
local cp = case.charger { trigger_answers = { MeterValues = "Rejected" } }

case.post(cp, "trigger", { message = "MeterValues", connector_id = 1 }, "Rejected")
case.sent(cp, "TriggerMessage", { requestedMessage = "MeterValues", connectorId = 1 })
case.flow(cp, "[TriggerMessage]")

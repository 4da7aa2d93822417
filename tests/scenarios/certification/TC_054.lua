-- A charger is asked for messages, one by one, and what it sends is taken.
local case = require "certification"
local cp = case.charger()

local flow = {}
for _, trigger in ipairs {
  { "MeterValues", 1 }, { "Heartbeat" }, { "StatusNotification", 1 }, { "DiagnosticsStatusNotification" },
  { "FirmwareStatusNotification" }, { "BootNotification" },
} do
  local message, connector = table.unpack(trigger)
  case.post(cp, "trigger", { message = message, connector_id = connector })
  equal(case.sent(cp, "TriggerMessage"), { requestedMessage = message, connectorId = connector })
  table.insert(flow, "[TriggerMessage] " .. message)
  case.flow(cp, table.concat(flow, " "))
end

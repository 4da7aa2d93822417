-- A profile for the transaction that runs, absolute and relative: it names that transaction.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local session = case.session(cp, driver)
for _, kind in ipairs { "Absolute", "Relative" } do
  case.post(cp, "charging-profiles", { connector_id = 1, charging_profile = case.profile("TxProfile", kind) })
  local sent = case.sent(cp, "SetChargingProfile", { connectorId = 1 }).csChargingProfiles
  case.is_profile(sent, "TxProfile", kind)
  equal(sent.transactionId, session.id)
end
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification [SetChargingProfile] [SetChargingProfile]")

-- A default profile for transactions: absolute, for a time, with a limit.
local case = require "certification"
local cp = case.charger()

case.post(cp, "charging-profiles", { connector_id = 1, charging_profile = case.profile("TxDefaultProfile", "Absolute") })
local sent = case.sent(cp, "SetChargingProfile", { connectorId = 1 }).csChargingProfiles
case.is_profile(sent, "TxDefaultProfile", "Absolute")
equal(sent.transactionId, nil)
matches(http.get(cp.rest .. "/charging-profiles").body.items, { { charging_profile_id = sent.chargingProfileId, state = "active" } })
case.flow(cp, "[SetChargingProfile]")

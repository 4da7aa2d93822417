-- A charger is asked what its profiles come to, and what it says is what was computed.
local case = require "certification"
local cp = case.charger()

case.post(cp, "charging-profiles", { connector_id = 1, charging_profile = case.profile("TxDefaultProfile", "Absolute") })
local answer = case.post(cp, "composite-schedule", { connector_id = 1, duration_s = 300, unit = "A" })
equal(case.sent(cp, "GetCompositeSchedule"), { connectorId = 1, duration = 300, chargingRateUnit = "A" })
matches(answer.response, { connectorId = 1, chargingSchedule = { chargingSchedulePeriod = { { startPeriod = 0, limit = 6.0 } } } })
equal(#answer.differences, 0)
case.flow(cp, "[SetChargingProfile] [GetCompositeSchedule]")

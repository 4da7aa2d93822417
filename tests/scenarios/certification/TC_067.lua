-- Profiles of each purpose are cleared: one by its id alone, one by what it is, and then all that are left.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

case.session(cp, driver)
local ids = {}
for i, of in ipairs { { 0, "ChargePointMaxProfile" }, { 1, "TxDefaultProfile" }, { 1, "TxProfile" } } do
  local connector, purpose = table.unpack(of)
  case.post(cp, "charging-profiles", { connector_id = connector, charging_profile = case.profile(purpose, "Absolute") })
  local sent = case.sent(cp, "SetChargingProfile", { connectorId = connector }).csChargingProfiles
  matches(sent, { chargingProfilePurpose = purpose, stackLevel = 0 })
  ids[i] = sent.chargingProfileId
end
check(ids[1] ~= ids[2] and ids[2] ~= ids[3] and ids[1] ~= ids[3], show(ids))

matches(http.delete(cp.rest .. "/charging-profiles/" .. ids[1]).body, { state = "accepted" })
equal(case.sent(cp, "ClearChargingProfile"), { id = ids[1] })
case.post(cp, "charging-profiles/clear", { connector_id = 1, purpose = "TxDefaultProfile", stack_level = 0 })
equal(case.sent(cp, "ClearChargingProfile"),
  { connectorId = 1, chargingProfilePurpose = "TxDefaultProfile", stackLevel = 0 })
case.post(cp, "charging-profiles/clear", {})
equal(case.sent(cp, "ClearChargingProfile"), {})
equal(#cp.profiles, 0)
equal(#http.get(cp.rest .. "/charging-profiles?state=cleared").body.items, 3)
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification [SetChargingProfile] [SetChargingProfile] "
  .. "[SetChargingProfile] [ClearChargingProfile] [ClearChargingProfile] [ClearChargingProfile]")

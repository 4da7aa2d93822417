-- Without the plugin its actions are NotSupported.
settings { config = { plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "rest" } } }
seed.charger "SC-LEFT-OUT"
local cp = charger { id = "SC-LEFT-OUT" }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id
equal(http.get(base .. "/charging-profiles").status, 404)
for action, payload in pairs {
  SetChargingProfile = {
    connectorId = 0,
    csChargingProfiles = {
      chargingProfileId = 1,
      stackLevel = 0,
      chargingProfilePurpose = "TxDefaultProfile",
      chargingProfileKind = "Relative",
      chargingSchedule = { chargingRateUnit = "A", chargingSchedulePeriod = { { startPeriod = 0, limit = 6 } } },
    },
  },
  ClearChargingProfile = { id = 1 },
  GetCompositeSchedule = { connectorId = 1, duration = 60 },
} do
  matches(http.post(base .. "/commands", { action = action, payload = payload }),
    { status = 422, body = { detail = function(text)
      return text:find("NotSupported", 1, true)
    end } })
end

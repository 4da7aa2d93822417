-- What breaks a rule is never sent, whatever way it comes, and the answer names path and rule.
seed.charger "SC-RULES"
seed.token "SC-RULES"
local cp = charger { id = "SC-RULES", connectors = 2 }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SC-RULES").body.items[1].id
local profiles = base .. "/charging-profiles"

local function profile(extra)
  local p = {
    chargingProfileId = 1,
    stackLevel = 0,
    chargingProfilePurpose = "TxDefaultProfile",
    chargingProfileKind = "Absolute",
    chargingSchedule = {
      startSchedule = now(0),
      chargingRateUnit = "A",
      chargingSchedulePeriod = { { startPeriod = 0, limit = 6 } },
    },
  }
  for key, value in pairs(extra or {}) do
    p[key] = value ~= "none" and value or nil
  end
  return p
end

local function schedule(extra)
  local s = profile().chargingSchedule
  for key, value in pairs(extra) do
    s[key] = value ~= "none" and value or nil
  end
  return { chargingSchedule = s }
end

local function set(connector, p)
  return http.post(profiles, { connector_id = connector, charging_profile = p })
end

local function by_command(connector, p)
  return http.post(base .. "/commands",
    { action = "SetChargingProfile", payload = { connectorId = connector, csChargingProfiles = p } })
end

local function by_identity(connector, p)
  return http.post("/api/charge-points/SC-RULES/request",
    { action = "SetChargingProfile", payload = { connectorId = connector, csChargingProfiles = p } })
end

local function refused(answer, path, rule)
  equal(answer.status, 422, answer.text)
  matches(answer.body.errors, { { path = path, rule = function(text)
    return text:find(rule, 1, true)
  end } })
end

local function refused_by_all(connector, p, path, rule)
  for _, way in ipairs { set, by_command, by_identity } do
    refused(way(connector, p), path, rule)
  end
end

local prefix = "csChargingProfiles."
refused_by_all(1, profile { chargingProfilePurpose = "ChargePointMaxProfile" }, "connectorId", "is not 0")
refused_by_all(0, profile { chargingProfilePurpose = "TxProfile" }, "connectorId", "is 0")
refused_by_all(1, profile { transactionId = 5 }, prefix .. "transactionId", "is for a TxProfile only")
refused_by_all(1, profile { recurrencyKind = "Daily" }, prefix .. "recurrencyKind", "Recurring profile only")
refused_by_all(1, profile { chargingProfileKind = "Recurring" }, prefix .. "recurrencyKind", "is needed")
refused_by_all(1, profile { chargingProfileKind = "Relative" }, prefix .. "chargingSchedule.startSchedule", "is given")
refused_by_all(1, profile(schedule { startSchedule = "none" }), prefix .. "chargingSchedule.startSchedule", "is needed")
refused_by_all(1, profile { validTo = now(-1) }, prefix .. "validTo", "is in the past")
refused_by_all(1, profile(schedule { chargingSchedulePeriod = { { startPeriod = 1, limit = 6 } } }),
  prefix .. "chargingSchedule.chargingSchedulePeriod[0].startPeriod", "is not 0")
refused_by_all(1, profile(schedule { chargingSchedulePeriod = { { startPeriod = 0, limit = -1 } } }),
  prefix .. "chargingSchedule.chargingSchedulePeriod[0].limit", "is negative")
refused_by_all(1, profile { chargingProfilePurpose = "TxProfile" }, prefix .. "transactionId", "no transaction runs")

-- The schema's own rules, and bodies that are none.
refused(set(1, profile { stackLevel = "none" }), prefix .. "stackLevel", "missing")
refused(set(1, profile(schedule { chargingSchedulePeriod = { { startPeriod = 0, limit = 6.05 } } })),
  prefix .. "chargingSchedule.chargingSchedulePeriod[0].limit", "0.1")
equal(set(-1, profile()).status, 422)
equal(http.post(profiles, { connector_id = 1 }).status, 422)
equal(http.post(profiles .. "/clear", { purpose = "Any" }).status, 422)
refused(http.post(base .. "/commands", { action = "ClearChargingProfile", payload = { id = -1 } }), "id", "is negative")
refused(http.post(base .. "/commands", { action = "GetCompositeSchedule", payload = { connectorId = 1, duration = 0 } }),
  "duration", "is below 1")
equal(http.post(base .. "/composite-schedule", { duration_s = 0 }).status, 422)
for _, query in ipairs { "connector_id=-1", "duration=0", "duration=604801", "unit=kW" } do
  equal(http.get(base .. "/composite-schedule?" .. query).status, 400, query)
end

-- In a remote start.
local start = { id_tag = "SC-RULES", connector_id = 1, charging_profile = profile() }
refused(http.post(base .. "/remote-start", start), "chargingProfile.chargingProfilePurpose", "is not TxProfile")
start.charging_profile = profile { chargingProfilePurpose = "TxProfile", transactionId = 1 }
refused(http.post(base .. "/remote-start", start), "chargingProfile.transactionId", "has yet to start")
refused(http.post(base .. "/commands", {
  action = "RemoteStartTransaction",
  payload = { idTag = "SC-RULES", chargingProfile = start.charging_profile },
}), "chargingProfile.transactionId", "has yet to start")

-- Nothing of this was sent, or kept.
equal(#http.get(base .. "/messages?direction=out&action=SetChargingProfile").body.items, 0)
equal(#http.get(base .. "/messages?direction=out&action=RemoteStartTransaction").body.items, 0)
equal(#http.get(profiles).body.items, 0)

-- Until a charger has told its limits it is asked; then they hold.
local limits = base .. "/charging-limits"
equal(#http.get(limits).body.items, 0)
equal(set(1, profile { stackLevel = 11 }).body.state, "rejected")
cp.configuration.ChargingScheduleAllowedChargingRateUnit = "Current"
cp.configuration.ChargingScheduleMaxPeriods = "2"
cp.configuration.MaxChargingProfilesInstalled = "2"
cp.configuration.ConnectorSwitch3to1PhaseSupported = nil
equal(http.post(base .. "/commands", { action = "GetConfiguration", payload = {} }).body.state, "accepted")
matches(http.get(limits).body.items, {
  { name = "ChargeProfileMaxStackLevel", value = "10" },
  { name = "ChargingScheduleAllowedChargingRateUnit", value = "Current" },
  { name = "ChargingScheduleMaxPeriods", value = "2" },
  { name = "MaxChargingProfilesInstalled", value = "2" },
})
refused_by_all(1, profile { stackLevel = 11 }, prefix .. "stackLevel", "ChargeProfileMaxStackLevel of 10")
refused_by_all(1, profile(schedule { chargingRateUnit = "W" }), prefix .. "chargingSchedule.chargingRateUnit", "Current")
local periods = { { startPeriod = 0, limit = 6 }, { startPeriod = 1, limit = 7 }, { startPeriod = 2, limit = 8 } }
refused_by_all(1, profile(schedule { chargingSchedulePeriod = periods }),
  prefix .. "chargingSchedule.chargingSchedulePeriod", "ChargingScheduleMaxPeriods of 2")
start.charging_profile = profile { chargingProfilePurpose = "TxProfile", stackLevel = 11 }
refused(http.post(base .. "/remote-start", start), "chargingProfile.stackLevel", "ChargeProfileMaxStackLevel of 10")

equal(set(1, profile()).body.state, "accepted")
equal(set(2, profile { chargingProfileId = 2 }).body.state, "accepted")
refused_by_all(0, profile { chargingProfileId = 3 }, "csChargingProfiles", "MaxChargingProfilesInstalled of 2")
equal(set(2, profile { chargingProfileId = 3 }).body.state, "accepted", "it replaces one")

-- A key that the charger does not know any more limits nothing.
cp.configuration.MaxChargingProfilesInstalled = nil
http.post(base .. "/commands",
  { action = "GetConfiguration", payload = { key = { "MaxChargingProfilesInstalled" } } })
equal(#http.get(limits).body.items, 3)
cp.configuration.MaxChargingProfilesInstalled = "9"
equal(set(0, profile { chargingProfileId = 4 }).body.state, "accepted")

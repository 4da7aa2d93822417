-- What chargers do with charging profiles otherwise than they should, by the numbers of docs/quirks.md.
local deviations = require "deviations"
seed.token "D-TAG"

local function profile(fields)
  local p = {
    stackLevel = 0,
    chargingProfilePurpose = "TxDefaultProfile",
    chargingProfileKind = "Absolute",
    chargingSchedule = {
      startSchedule = now(-60), chargingRateUnit = "A", chargingSchedulePeriod = { { startPeriod = 0, limit = 10 } },
    },
  }
  for key, value in pairs(fields or {}) do
    p[key] = value
  end
  return p
end

local function set(id, connector, p)
  return http.post(deviations.path_of(id) .. "/charging-profiles", { connector_id = connector, charging_profile = p })
end

local list = {}

list[56] = { "it accepts a profile and does nothing with it, rejects starts with a profile, says 0 and 1", function()
  seed.charger { charge_point_id = "D56", vendor = "go-e" }
  local cp = charger { id = "D56", vendor = "go-e", silent = true }
  cp:connect()
  cp:boot()
  cp:on("SetChargingProfile", { status = "Accepted" })
  equal(set("D56", 1, profile()).body.state, "accepted")
  local compared = http.post(deviations.path_of "D56" .. "/composite-schedule", { connector_id = 1, duration_s = 600, unit = "A" }).body
  equal(compared.computed.periods[1].limit, 10)
  check(#compared.differences > 0, "it shows that the charger does not do what it accepted")

  cp:on("RemoteStartTransaction", function(payload)
    return { status = payload.chargingProfile and "Rejected" or "Accepted" }
  end)
  local with = profile { chargingProfilePurpose = "TxProfile", chargingProfileId = 9 }
  local path = deviations.path_of "D56" .. "/remote-start"
  equal(http.post(path, { id_tag = "D-TAG", connector_id = 1, charging_profile = with }).body.state, "rejected")
  equal(http.post(path, { id_tag = "D-TAG", connector_id = 1 }).body.state, "accepted")

  cp:on("GetConfiguration", { configurationKey = { { key = "AuthorizeRemoteTxRequests", readonly = 0, value = "0" } } })
  local answer = http.post(deviations.path_of "D56" .. "/commands", { action = "GetConfiguration", payload = {} }).body
  equal(answer.response.configurationKey[1], { key = "AuthorizeRemoteTxRequests", readonly = false, value = "0" })
  cp:on("ChangeConfiguration", function(payload)
    return { status = payload.value == "1" and "Accepted" or "Rejected" }
  end)
  local change = { action = "ChangeConfiguration", payload = { key = "AuthorizeRemoteTxRequests", value = "1" } }
  equal(http.post(deviations.path_of "D56" .. "/commands", change).body.state, "accepted")
end }

list[57] = { "it rejects stack levels that it takes no more", function()
  local cp = deviations.charger "D57"
  cp.configuration.ChargeProfileMaxStackLevel = "5"
  local wanted = profile { chargingProfilePurpose = "ChargePointMaxProfile", stackLevel = 6 }
  equal(set("D57", 0, wanted).body.state, "rejected")
  -- Once it has told its limits, what it would reject is refused with the reason.
  http.post(deviations.path_of "D57" .. "/commands", { action = "GetConfiguration", payload = {} })
  local answer = set("D57", 0, wanted)
  equal({ answer.status, answer.body.errors[1].path }, { 422, "csChargingProfiles.stackLevel" })
  wanted.stackLevel = 5
  equal(set("D57", 0, wanted).body.state, "accepted")
end }

list[58] = { "an absolute profile without its start: never from us", function()
  deviations.charger "D58"
  local wanted = profile()
  wanted.chargingSchedule.startSchedule = nil
  local answer = set("D58", 1, wanted)
  equal({ answer.status, answer.body.errors[1].path }, { 422, "csChargingProfiles.chargingSchedule.startSchedule" })
end }

deviations.tell(list, 56, 58)

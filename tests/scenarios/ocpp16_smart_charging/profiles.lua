-- Charging profiles are set, refused, replaced, and cleared in the three ways.
seed.charger "SC-PROFILES"
local cp = charger { id = "SC-PROFILES", connectors = 2 }
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SC-PROFILES").body.items[1].id
local profiles = base .. "/charging-profiles"

local function profile(purpose, level, limit, extra)
  local p = {
    stackLevel = level,
    chargingProfilePurpose = purpose,
    chargingProfileKind = "Absolute",
    chargingSchedule = {
      startSchedule = now(-60),
      chargingRateUnit = "A",
      chargingSchedulePeriod = { { startPeriod = 0, limit = limit } },
    },
  }
  for key, value in pairs(extra or {}) do
    p[key] = value
  end
  return p
end

local function set(connector, p)
  return http.post(profiles, { connector_id = connector, charging_profile = p })
end

local function list(query)
  return http.get(profiles .. (query or "")).body.items
end

local function state_of(id)
  local found = list("?charging_profile_id=" .. id)
  return found[#found].state
end

local function active_ids()
  local ids = {}
  for _, item in ipairs(list "?state=active") do
    ids[#ids + 1] = item.charging_profile_id
  end
  return table.concat(ids, " ")
end

-- Nobody there; then certification case 056.
equal(set(1, profile("TxDefaultProfile", 0, 6)).status, 409)
equal(#list(), 0)
cp:connect()
cp:boot()
local answer = set(1, {
  stackLevel = 0,
  chargingProfilePurpose = "TxDefaultProfile",
  chargingProfileKind = "Absolute",
  validFrom = now(-3600),
  validTo = now(86400),
  chargingSchedule = {
    duration = 86400,
    startSchedule = now(-3600),
    chargingRateUnit = "A",
    chargingSchedulePeriod = { { startPeriod = 0, limit = 6.0 } },
  },
})
equal(answer.status, 200, answer.text)
equal(answer.body.state, "accepted")
equal(answer.body.response.status, "Accepted")
local first = list()[1]
matches(first, {
  connector_id = 1,
  purpose = "TxDefaultProfile",
  stack_level = 0,
  kind = "Absolute",
  recurrency = json.null,
  transaction_id = json.null,
  state = "active",
  command_id = answer.body.id,
  ended_at = json.null,
  charging_profile = { chargingProfileId = first.charging_profile_id },
})
equal(first.charging_profile.chargingSchedule.chargingSchedulePeriod[1].limit, 6)
equal(#cp.profiles, 1)

-- Ids are the caller's if it has some, else the next one above all.
equal(set(2, profile("TxDefaultProfile", 0, 10, { chargingProfileId = 700 })).body.state, "accepted")
equal(set(2, profile("TxDefaultProfile", 1, 10, { chargingProfileId = 1 })).body.state, "accepted")
equal(set(1, profile("TxDefaultProfile", 0, 11)).body.state, "accepted")
equal(state_of(first.charging_profile_id), "replaced")
equal(active_ids(), "700 1 701")

-- The same id replaces, and so does the same purpose and stack level on the connector; others do not.
equal(set(1, profile("TxDefaultProfile", 3, 8, { chargingProfileId = 1 })).body.state, "accepted")
equal(active_ids(), "700 701 1")
equal(set(2, profile("TxDefaultProfile", 0, 12)).body.state, "accepted")
equal(state_of(700), "replaced")
equal(active_ids(), "701 1 702")
equal(#cp.profiles, 3)

-- What the charger refuses leaves what there was.
cp:on("SetChargingProfile", { status = "Rejected" })
answer = set(1, profile("TxDefaultProfile", 3, 7))
equal(answer.status, 200)
equal(answer.body.state, "rejected")
equal(state_of(703), "rejected")
cp:on("SetChargingProfile", { status = "NotSupported" })
equal(set(1, profile("TxDefaultProfile", 3, 7)).body.state, "rejected")
cp:on("SetChargingProfile", function()
  return nil, "InternalError", "out of order"
end)
equal(set(1, profile("TxDefaultProfile", 3, 7)).body.state, "failed")
equal(state_of(705), "failed")
cp:on "SetChargingProfile"
equal(active_ids(), "701 1 702")

-- By whatever way it was sent: the route for every action.
answer = http.post(base .. "/commands", {
  action = "SetChargingProfile",
  payload = { connectorId = 0, csChargingProfiles = profile("ChargePointMaxProfile", 0, 32, { chargingProfileId = 9 }) },
})
equal(answer.body.state, "accepted", answer.text)
equal(state_of(9), "active")
equal(list("?purpose=ChargePointMaxProfile")[1].connector_id, 0)
equal(#list "?connector_id=2&state=active", 1)
equal(http.get(profiles .. "?connector_id=one").status, 400)
local page = http.get(profiles .. "?limit=1").body
equal(#page.items, 1)
equal(http.get(profiles .. "?limit=1&cursor=" .. page.next_cursor).body.items[1].charging_profile_id, 700)

-- Certification case 067: by id alone, by criteria, by nothing.
local seen
cp:on("ClearChargingProfile", function(payload)
  seen = payload
  return cp.behaviour.actions.ClearChargingProfile(cp, payload)
end)
answer = http.delete(profiles .. "/9")
equal(answer.status, 200, answer.text)
equal(answer.body.response.status, "Accepted")
equal(json.encode(seen), '{"id":9}')
equal(state_of(9), "cleared")
equal(http.delete(profiles .. "/9").status, 404)
equal(http.delete(profiles .. "/none").status, 404)

answer = http.post(profiles .. "/clear", { connector_id = 1, purpose = "TxDefaultProfile", stack_level = 0 })
equal(answer.body.state, "accepted", answer.text)
matches(seen, { connectorId = 1, chargingProfilePurpose = "TxDefaultProfile", stackLevel = 0 })
equal(state_of(701), "cleared")
equal(active_ids(), "1 702")

-- One that the charger has lost is cleared here too.
cp.profiles = {}
answer = http.delete(profiles .. "/702")
equal(answer.body.state, "rejected", answer.text)
equal(answer.body.response.status, "Unknown")
equal(state_of(702), "cleared")

equal(set(0, profile("TxDefaultProfile", 0, 16)).body.state, "accepted")
answer = http.post(profiles .. "/clear", {})
equal(answer.body.state, "accepted", answer.text)
equal(json.encode(seen), "{}")
equal(active_ids(), "")

-- Validity that is over, without anybody asking.
equal(set(1, profile("TxDefaultProfile", 0, 16, { validTo = now(1) })).body.state, "accepted")
eventually(function()
  return #list "?state=ended" == 1
end)

equal(http.get("/api/admin/chargers/424242/charging-profiles").status, 404)
equal(http.post("/api/admin/chargers/424242/charging-profiles/clear", {}).status, 404)
equal(http.delete("/api/admin/chargers/424242/charging-profiles/1").status, 404)

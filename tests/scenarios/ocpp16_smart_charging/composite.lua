-- Certification case 066: the composite schedule as computed here, as the charger has it, and where they differ.
seed.charger "SC-COMPOSITE"
seed.token "SC-COMPOSITE"
local cp = charger { id = "SC-COMPOSITE", connectors = 2 }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SC-COMPOSITE").body.items[1].id

local function set(connector, purpose, level, kind, more)
  local schedule = { chargingRateUnit = "A", startSchedule = kind ~= "Relative" and now(-3600) or nil }
  local p = {
    stackLevel = level,
    chargingProfilePurpose = purpose,
    chargingProfileKind = kind,
    chargingSchedule = schedule,
  }
  for key, value in pairs(more) do
    local target = (key == "recurrencyKind" or key == "validTo") and p or schedule
    target[key] = value
  end
  local answer = http.post(base .. "/charging-profiles", { connector_id = connector, charging_profile = p })
  equal(answer.body.state, "accepted", answer.text)
  return p
end

local function periods(...)
  local list = {}
  for _, pair in ipairs { ... } do
    list[#list + 1] = { startPeriod = pair[1], limit = pair[2], numberPhases = pair[3] }
  end
  return { chargingSchedulePeriod = list }
end

local function with(list, more)
  for key, value in pairs(more) do
    list[key] = value
  end
  return list
end

local function compare(body)
  local answer = http.post(base .. "/composite-schedule", body)
  equal(answer.status, 200, answer.text)
  return answer.body
end

local function equal_to_the_chargers(connector, unit, duration)
  local seen
  cp:on("GetCompositeSchedule", function(payload)
    seen = payload
    return cp.behaviour.actions.GetCompositeSchedule(cp, payload)
  end)
  local answer = compare { connector_id = connector, duration_s = duration, unit = unit }
  equal(answer.state, "accepted")
  equal(json.encode(answer.differences), "[]")
  matches(seen, { connectorId = connector, duration = duration, chargingRateUnit = unit })
  matches(answer.computed, { connector_id = connector, unit = unit, duration_s = duration })
  return answer
end

-- Nothing set: only the hardware limits.
equal(equal_to_the_chargers(1, "A", 600).computed.periods[1].limit, json.null)

-- All purposes, kinds, both units, with gaps.
set(0, "ChargePointMaxProfile", 0, "Absolute", periods({ 0, 30 }, { 7200, 14, 3 }, { 10800, 31 }))
set(0, "TxDefaultProfile", 1, "Recurring",
  with(periods({ 0, 16 }, { 5000, 20, 1 }), { recurrencyKind = "Daily", duration = 50000 }))
set(1, "TxDefaultProfile", 4, "Relative", with(periods { 0, 9 }, { duration = 900 }))
set(1, "TxDefaultProfile", 2, "Absolute",
  with(periods({ 0, 6900, 3 }, { 4500, 3680, 1 }), { chargingRateUnit = "W", validTo = now(80000) }))
local idle = equal_to_the_chargers(1, "A", 86400)
check(#idle.computed.periods > 4, show(idle.computed.periods))
equal_to_the_chargers(1, "W", 86400)
equal_to_the_chargers(2, "A", 3 * 86400)
equal_to_the_chargers(2, "W", 600)

local session = cp:start { connector = 1, id_tag = "SC-COMPOSITE" }
set(1, "TxProfile", 0, "Relative", with(periods({ 0, 25 }, { 600, 12.5, 3 }, { 4000, 7 }), { duration = 20000 }))
local busy = equal_to_the_chargers(1, "A", 86400)
equal(busy.computed.periods[1].limit, 25)
equal_to_the_chargers(1, "W", 86400)
equal(#equal_to_the_chargers(0, "A", 14400).computed.periods, 3)
session:stop { reason = "Local" }
equal_to_the_chargers(1, "A", 86400)

-- The same without asking.
local shown = http.get(base .. "/composite-schedule?connector_id=2&duration=600&unit=W").body
matches(shown, { connector_id = 2, duration_s = 600, unit = "W" })
equal(shown.periods[1].start_s, 0)
equal(shown.periods[1].limit, 11040)
server.reload { ocpp16_smart_charging = { voltage = 120, phases = 1 } }
equal(http.get(base .. "/composite-schedule?connector_id=2&duration=600&unit=W").body.periods[1].limit, 1920)
server.reload { ocpp16_smart_charging = { voltage = 230, phases = 3 } }

-- A charger that accepts profiles and does as it likes.
cp:on("GetCompositeSchedule", function(payload)
  return {
    status = "Accepted",
    connectorId = payload.connectorId,
    scheduleStart = now(0),
    chargingSchedule = {
      duration = 300,
      chargingRateUnit = "A",
      chargingSchedulePeriod = { { startPeriod = 0, limit = 16 }, { startPeriod = 60, limit = 32 } },
    },
  }
end)
local answer = compare { connector_id = 2, duration_s = 600 }
equal(answer.computed.duration_s, 300)
matches(answer.differences, {
  { from_s = 60, to_s = 300, computed = { limit = 16 }, charger = { limit = 32, number_phases = json.null } },
})
equal(#answer.differences, 1)

-- One that refuses, one that is slow, one that is away.
cp:on("GetCompositeSchedule", { status = "Rejected" })
answer = compare { connector_id = 2 }
equal(answer.state, "rejected")
equal(answer.differences, json.null)
equal(answer.computed.periods[1].limit, 16)
cp:on("GetCompositeSchedule", false)
local slow = http.post(base .. "/composite-schedule", { wait_s = 0 })
equal(slow.status, 202, slow.text)
cp:answer(cp:expect { action = "GetCompositeSchedule" }, { status = "Rejected" })
cp:disconnect()
eventually(function()
  return http.post(base .. "/composite-schedule", {}).status == 409
end)
equal(http.get(base .. "/composite-schedule").status, 200)
equal(http.get("/api/admin/chargers/424242/composite-schedule").status, 404)

-- The operator limits a whole charger, then the one session that runs on it; the charger's schedule is the one that the
-- server computes.
local id = arg[1] or "STORY-SMART"
local registered = seed.charger(id)
seed.token "STORY-SMART"
local api = "/api/admin/chargers/" .. registered.id

local cp = charger { id = id, connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()
http.post(api .. "/charging-profiles/clear", {}) -- of an earlier telling

local function set(connector, purpose, limit, more)
  local schedule = { chargingRateUnit = "A", chargingSchedulePeriod = { { startPeriod = 0, limit = limit } } }
  for key, value in pairs(more or {}) do
    schedule[key] = value
  end
  local answer = http.post(api .. "/charging-profiles", {
    connector_id = connector,
    charging_profile = {
      stackLevel = 0,
      chargingProfilePurpose = purpose,
      chargingProfileKind = schedule.startSchedule and "Absolute" or "Relative",
      chargingSchedule = schedule,
    },
  })
  equal(answer.status, 200, answer.text)
  return answer.body.state
end

-- What the charger says its schedule is, after the server has compared it.
local function agreed_limit(connector)
  local compared = http.post(api .. "/composite-schedule", { connector_id = connector, duration_s = 600, unit = "A" }).body
  equal(compared.differences, {}, "server and charger see the same")
  return compared.response.chargingSchedule.chargingSchedulePeriod[1].limit
end

-- For the whole charger 25 A from now on; for whoever charges 16 A.
equal(set(0, "ChargePointMaxProfile", 25, { startSchedule = now(-60) }), "accepted")
equal(set(0, "TxDefaultProfile", 16, { startSchedule = now(-60) }), "accepted")
local session = cp:present { connector = 1, id_tag = "STORY-SMART" }
equal(agreed_limit(1), 16)
equal(cp:limit(1, "A"), 16)

-- This driver is in a hurry, but the charger's maximum holds.
equal(set(1, "TxProfile", 32), "accepted")
equal(agreed_limit(1), 25)
equal(agreed_limit(2), 16)
session:meter { energy_wh = session.meter_wh + 2000, power_w = cp:limit(1, "W") }

-- A schedule that makes no sense is not sent: the error names the place.
local refused = http.post(api .. "/charging-profiles", {
  connector_id = 1,
  charging_profile = {
    stackLevel = 0,
    chargingProfilePurpose = "ChargePointMaxProfile",
    chargingProfileKind = "Relative",
    chargingSchedule = { chargingRateUnit = "A", chargingSchedulePeriod = { { startPeriod = 0, limit = 6 } } },
  },
})
equal(refused.status, 422)
equal(refused.body.errors[1].path, "connectorId")

-- The session is over, and its profile with it; the others are taken back.
cp:finish(session, "Local")
eventually(function()
  return http.get(api .. "/charging-profiles?state=ended").body.items[1] ~= nil
end)
equal(#cp.profiles, 2)
equal(http.post(api .. "/charging-profiles/clear", {}).body.state, "accepted")
equal(#cp.profiles, 0)
equal(#http.get(api .. "/charging-profiles?state=active").body.items, 0)
cp:disconnect()

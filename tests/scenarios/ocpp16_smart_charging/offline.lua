-- Profiles for a charger that is away wait for it; what it has accepted is not lost when the server is killed.
seed.charger "SC-OFFLINE"
local cp = charger { id = "SC-OFFLINE", connectors = 1 }
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SC-OFFLINE").body.items[1].id
local profiles = base .. "/charging-profiles"

local function set(id, limit, extra)
  local body = {
    connector_id = 1,
    charging_profile = {
      chargingProfileId = id,
      stackLevel = id,
      chargingProfilePurpose = "TxDefaultProfile",
      chargingProfileKind = "Absolute",
      chargingSchedule = {
        startSchedule = now(-60),
        chargingRateUnit = "A",
        chargingSchedulePeriod = { { startPeriod = 0, limit = limit } },
      },
    },
    if_offline = "queue",
  }
  for key, value in pairs(extra or {}) do
    body[key] = value
  end
  return http.post(profiles, body)
end

local function state_of(id)
  local items = http.get(profiles .. "?charging_profile_id=" .. id).body.items
  return #items == 1 and items[1].state
end

local function come_back()
  cp:reconnect()
  equal(cp:boot().status, "Accepted")
end

-- Queued, over a restart, and sent in order once the charger is there.
equal(set(1, 6, { wait_s = 0 }).status, 202)
local command = set(2, 8, { wait_s = 0 }).body
equal(command.state, "queued")
local row = http.get("/api/admin/commands/" .. command.id).body
check(row.deadline_at > now(80000), "it waits for a day")
equal(set(3, 9, { wait_s = 0, deadline_s = 1 }).status, 202)
equal(state_of(1), "pending")
eventually(function()
  return state_of(3) == "failed"
end)
server.restart()
equal(state_of(2), "pending")
come_back()
eventually(function()
  return state_of(1) == "active" and state_of(2) == "active"
end)
equal(#cp.profiles, 2)
equal(cp.profiles[1].profile.chargingProfileId, 1)

-- Killed right after the answer to the admin.
equal(set(4, 10).body.state, "accepted")
server.kill()
server.start()
cp:wait_closed()
equal(state_of(4), "active")
equal(http.get(base .. "/composite-schedule").body.periods[1].limit, 10)

-- Killed when the charger has accepted and its answer is on the way: it is asked again.
come_back()
local asked = 0
cp:on("SetChargingProfile", function(payload)
  asked = asked + 1
  local answer = cp.behaviour.actions.SetChargingProfile(cp, payload)
  if asked == 1 then
    server.kill()
  end
  return answer
end)
pcall(set, 5, 11, { wait_s = 0 }) -- the kill may come before its 202
cp:wait_closed()
equal(asked, 1)
equal(#cp.profiles, 4)
server.start()
come_back()
eventually(function()
  return state_of(5) == "active"
end)
equal(asked, 2)
equal(#cp.profiles, 4)

-- The line is cut before the answer.
cp:on("SetChargingProfile", function()
  cp:drop()
end)
equal(set(6, 12, { wait_s = 0 }).status, 202)
cp:wait_closed()
equal(state_of(6), "pending")
cp:on "SetChargingProfile"
come_back()
eventually(function()
  return state_of(6) == "active"
end)

-- A profile that is over by the time the charger comes is not sent.
cp:disconnect()
equal(set(7, 13, { wait_s = 0 }).status, 202)
local late = http.get(profiles .. "?charging_profile_id=7").body.items[1].charging_profile
late.chargingProfileId, late.validTo = 8, now(1)
equal(http.post(profiles, { connector_id = 1, charging_profile = late, if_offline = "queue", wait_s = 0 }).status, 202)
eventually(function()
  return now(0) > late.validTo
end)
come_back()
eventually(function()
  return state_of(7) == "active" and state_of(8) == "failed"
end)
equal(#cp.profiles, 6)

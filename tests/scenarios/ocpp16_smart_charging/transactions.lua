-- Profiles of a transaction: on the running one, in a remote start, and what ends them.
seed.charger "SC-TX"
seed.token "SC-DRIVER"
local cp = charger { id = "SC-TX", connectors = 2 }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SC-TX").body.items[1].id
local profiles = base .. "/charging-profiles"

local function profile(kind, limit, extra)
  local p = {
    stackLevel = 0,
    chargingProfilePurpose = "TxProfile",
    chargingProfileKind = kind,
    chargingSchedule = {
      startSchedule = kind == "Absolute" and now(-60) or nil,
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

local function transaction()
  return http.get("/api/admin/transactions?charger=SC-TX&state=active").body.items[1]
end

local function now_limit(connector)
  return http.get(base .. "/composite-schedule?duration=60&connector_id=" .. connector).body.periods[1].limit
end

local function finish(connector)
  cp:finish(cp:session(connector), "Local")
end

-- Certification case 057: the transaction is named for the charger, Absolute and Relative.
local seen
cp:on("SetChargingProfile", function(payload)
  seen = payload
  return cp.behaviour.actions.SetChargingProfile(cp, payload)
end)
equal(set(1, profile("Relative", 10)).status, 422)
local session = cp:start { connector = 1, id_tag = "SC-DRIVER" }
local answer = set(1, profile("Absolute", 10))
equal(answer.body.state, "accepted", answer.text)
equal(seen.csChargingProfiles.transactionId, session.id)
equal(seen.csChargingProfiles.recurrencyKind, nil)
matches(list()[1], { state = "active", transaction_id = transaction().id })
equal(now_limit(1), 10)
answer = set(1, profile("Relative", 12, { transactionId = session.id }))
equal(answer.body.state, "accepted", answer.text)
equal(seen.csChargingProfiles.chargingSchedule.startSchedule, nil)
equal(now_limit(1), 12)
equal(#list "?state=active", 1)

-- Not for another connector, nor for another transaction.
local refused = set(2, profile("Relative", 9, { transactionId = session.id }))
equal(refused.status, 422)
equal(refused.body.errors[1].path, "csChargingProfiles.transactionId")
equal(set(2, profile("Relative", 9)).status, 422)
equal(set(1, profile("Relative", 9, { transactionId = session.id + 1 })).status, 422)

-- It ends with its transaction.
finish(1)
local over = list "?state=ended"
equal(#over, 1)
equal(over[1].ended_at, http.get("/api/admin/transactions/" .. over[1].transaction_id).body.stopped_at)
equal(now_limit(1), json.null)
equal(#cp.profiles, 0)

-- Certification case 059: in a remote start, without a transaction, on the connector that is named.
answer = http.post(base .. "/remote-start", {
  id_tag = "SC-DRIVER",
  connector_id = 2,
  charging_profile = profile("Relative", 14, { chargingProfileId = 40 }),
})
equal(answer.body.state, "accepted", answer.text)
eventually(function()
  return transaction()
end)
matches(list("?charging_profile_id=40")[1], {
  state = "active",
  connector_id = 2,
  id_tag = "SC-DRIVER",
  transaction_id = transaction().id,
})
equal(now_limit(2), 14)
equal(now_limit(1), json.null)
finish(2)
equal(list("?charging_profile_id=40")[1].state, "ended")

-- On the connector that the charger chooses; the next transaction there has nothing of it.
answer = http.post(base .. "/commands", {
  action = "RemoteStartTransaction",
  payload = { idTag = "sc-driver", chargingProfile = profile("Absolute", 15, { chargingProfileId = 41 }) },
})
equal(answer.body.state, "accepted", answer.text)
eventually(function()
  return transaction()
end)
matches(list("?charging_profile_id=41")[1], { state = "active", connector_id = 1, transaction_id = transaction().id })
finish(1)
cp:start { connector = 1, id_tag = "SC-DRIVER" }
equal(now_limit(1), json.null)
finish(1)

-- A charger that refuses the start has no profile; one whose cable is never plugged in has it until
-- a start is not to be expected any more.
cp:on("RemoteStartTransaction", { status = "Rejected" })
http.post(base .. "/remote-start",
  { id_tag = "SC-DRIVER", connector_id = 1, charging_profile = profile("Relative", 14, { chargingProfileId = 42 }) })
equal(list("?charging_profile_id=42")[1].state, "rejected")
cp:on("RemoteStartTransaction", { status = "Accepted" })
http.post(base .. "/remote-start",
  { id_tag = "SC-DRIVER", connector_id = 1, charging_profile = profile("Relative", 14, { chargingProfileId = 43 }) })
matches(list("?charging_profile_id=43")[1], { state = "active", transaction_id = json.null })
server.reload { ocpp16_smart_charging = { remote_start_within = "1s" } }
eventually(function()
  return list("?charging_profile_id=43")[1].state == "ended"
end)
equal(http.post(base .. "/remote-start", { id_tag = "SC-DRIVER" }).body.state, "accepted")

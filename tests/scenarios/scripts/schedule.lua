-- The hook schedule: limits as charging profiles, at the boot, at a transaction's start, and every so often; each once.
settings { config = { ocpp16_smart_charging = { schedule_every = "1s" }, lua = { time = "20ms" } } }
local scripts = require "scripts"
local folder = debug.getinfo(1, "S").source:match "^@(.-)tests/scenarios/.*$" .. "scripts/examples/"

seed.charger "CP"
seed.token "TAG"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local function profiles(filter)
  return http.get("/api/admin/chargers/1/charging-profiles" .. (filter or "")).body.items
end

log "asked every so often: what it says is sent, and only if it says something else"
scripts.push({ main = [[
function schedule(question)
  if question.reason == "transaction" then
    return { limits = { { connector_id = question.connector_id, unit = "A", stack_level = 1, periods = { { limit = 8.04 } } } } }
  end
  return { limits = { { purpose = "ChargePointMaxProfile", unit = "W", periods = { { start_s = 0, limit = 22000 } } } }, next_s = 1 }
end]] }, {}, 201)
local sent = cp:expect { action = "SetChargingProfile" }
equal(sent.payload.connectorId, 0)
matches(sent.payload.csChargingProfiles, {
  chargingProfileId = 1000000001, stackLevel = 0, chargingProfilePurpose = "ChargePointMaxProfile", chargingProfileKind = "Absolute",
  chargingSchedule = { chargingRateUnit = "W", chargingSchedulePeriod = { { startPeriod = 0, limit = 22000 } } },
})
eventually(function() return #profiles "?state=active" == 1 end)
matches(profiles()[1], { requested_by = "hook schedule", purpose = "ChargePointMaxProfile" })

log "a boot makes sure of it"
cp:boot()
cp:expect { action = "SetChargingProfile" }
equal(#profiles "?state=active", 1)

log "at a transaction's start, for its connector"
local session = cp:start { connector = 1, id_tag = "TAG", meter_start = 0 }
sent = cp:expect { action = "SetChargingProfile" }
equal(sent.payload.connectorId, 1)
matches(sent.payload.csChargingProfiles, { chargingProfileId = 1000000002, stackLevel = 1, chargingProfilePurpose = "TxDefaultProfile",
  chargingSchedule = { chargingSchedulePeriod = { { startPeriod = 0, limit = 8 } } } })
session:stop { meter_stop = 100 }

log "one that fails, or says nonsense, sends nothing, and is counted"
scripts.push({ main = "function schedule(question)\n  while true do end\nend" }, {}, 201)
matches(scripts.failed("schedule", 1), { line = 2 })
local failed = scripts.failed("schedule", 1).count
scripts.push({ main = "function schedule() return { limits = { { unit = 'V', periods = busbar.array {} } } } end" }, {}, 201)
scripts.failed("schedule", failed + 1)
eventually(function() return scripts.failed("schedule", 1).detail:find "limits%[0%]" end)
scripts.push({ main = "function schedule() return { limits = { { unit = 'A', periods = { { start_s = 5, limit = 1 } } } } } end" }, {}, 201)
eventually(function() return server.log():find("CP is not sent its limits: csChargingProfiles.chargingSchedule.chargingSchedulePeriod", 1, true) end)

log "what the charger does not take is offered again"
local answers = { { status = "Rejected" } }
cp:on("SetChargingProfile", function() return table.remove(answers) or { status = "Accepted" } end)
scripts.push({ main = "function schedule() return { limits = { { unit = 'A', periods = { { limit = 6 } } } } } end" }, {}, 201)
eventually(function() return server.log():find("CP has not taken its limits: rejected", 1, true) end)
eventually(function() return #profiles "?state=active&purpose=TxDefaultProfile&connector_id=0" == 1 end)

log "the example of the documentation"
local file = assert(io.open(folder .. "schedule.lua"))
scripts.push({ main = file:read "a" }, {}, 201)
file:close()
eventually(function()
  local item = profiles "?state=active&purpose=TxDefaultProfile&connector_id=0"[1]
  return item and item.charging_profile.chargingSchedule.chargingSchedulePeriod[1].limit == 32
end)

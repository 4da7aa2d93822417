-- Charging profiles: what may be set, what is kept, and the limit that comes of it.
local core = require "core"
local composite = require "composite"

local actions, methods = {}, {}

local unit_names = { A = "Current", W = "Power" }

local function allows_unit(cp, unit)
  return cp.configuration.ChargingScheduleAllowedChargingRateUnit:find(unit_names[unit], 1, true) ~= nil
end

local function well_ordered(periods)
  if #periods == 0 or periods[1].startPeriod ~= 0 then
    return false
  end
  for i = 2, #periods do
    if periods[i].startPeriod <= periods[i - 1].startPeriod then
      return false
    end
  end
  return true
end

local function well_formed(cp, profile)
  local schedule, settings = profile.chargingSchedule, cp.configuration
  local recurring = profile.chargingProfileKind == "Recurring"
  return profile.stackLevel >= 0
    and profile.stackLevel <= tonumber(settings.ChargeProfileMaxStackLevel)
    and #schedule.chargingSchedulePeriod <= tonumber(settings.ChargingScheduleMaxPeriods)
    and well_ordered(schedule.chargingSchedulePeriod)
    and allows_unit(cp, schedule.chargingRateUnit)
    and (not recurring or profile.recurrencyKind and schedule.startSchedule)
    and (profile.chargingProfileKind ~= "Relative" or not schedule.startSchedule)
end

-- Whether a RemoteStartTransaction may bring this profile.
function methods.accepts_start_profile(cp, profile)
  return profile.chargingProfilePurpose == "TxProfile"
    and not profile.transactionId
    and cp.behaviour.actions.SetChargingProfile ~= nil
    and well_formed(cp, profile)
end

local function same_place(a, b)
  return a.connector == b.connector
    and a.profile.stackLevel == b.profile.stackLevel
    and a.profile.chargingProfilePurpose == b.profile.chargingProfilePurpose
end

local function without(cp, leaves)
  local kept = {}
  for _, entry in ipairs(cp.profiles) do
    if not leaves(entry) then
      kept[#kept + 1] = entry
    end
  end
  return kept
end

-- Keeps it, in place of the one with its id and of the one with its purpose and stack level; false if there is no room.
local function keep(cp, new)
  local kept = without(cp, function(entry)
    return entry.profile.chargingProfileId == new.profile.chargingProfileId or same_place(entry, new)
  end)
  if #kept >= tonumber(cp.configuration.MaxChargingProfilesInstalled) then
    return false
  end
  kept[#kept + 1] = new
  cp.profiles = kept
  return true
end

-- The profile of a remote start, once its session runs.
function methods.install_profile(cp, connector, profile, session)
  keep(cp, { connector = connector, profile = profile, session = session })
end

local function suits(cp, connector, profile)
  local state, purpose = cp.connector[connector], profile.chargingProfilePurpose
  if not state then
    return false
  elseif purpose == "ChargePointMaxProfile" then
    return connector == 0
  elseif purpose == "TxProfile" then
    local session = state.session
    return connector > 0 and session ~= nil and (not profile.transactionId or profile.transactionId == session.id)
  end
  return true
end

function actions.SetChargingProfile(cp, payload)
  local connector, profile = payload.connectorId, payload.csChargingProfiles
  if not suits(cp, connector, profile) or not well_formed(cp, profile) then
    return { status = "Rejected" }
  end
  local session = profile.chargingProfilePurpose == "TxProfile" and cp.connector[connector].session or nil
  local kept = keep(cp, { connector = connector, profile = profile, session = session })
  return { status = kept and "Accepted" or "Rejected" }
end

function actions.ClearChargingProfile(cp, payload)
  local kept = without(cp, function(entry)
    local profile = entry.profile
    if payload.id then
      return profile.chargingProfileId == payload.id
    end
    return (not payload.connectorId or payload.connectorId == entry.connector)
      and (not payload.chargingProfilePurpose or payload.chargingProfilePurpose == profile.chargingProfilePurpose)
      and (not payload.stackLevel or payload.stackLevel == profile.stackLevel)
  end)
  local cleared = #kept < #cp.profiles
  cp.profiles = kept
  return { status = cleared and "Accepted" or "Unknown" }
end

local function context_of(cp, connector, unit, start_ms, duration)
  local session = cp.connector[connector].session
  return {
    connector = connector,
    unit = unit,
    start_ms = start_ms,
    duration = duration,
    transaction = session and { id = session.id, start_ms = core.parse_time(session.timestamp) } or nil,
    max = cp.max_limit[unit],
    voltage = cp.voltage,
    phases = cp.phases,
  }
end

function actions.GetCompositeSchedule(cp, payload)
  local connector = payload.connectorId
  local unit = payload.chargingRateUnit or (allows_unit(cp, "A") and "A" or "W")
  if not cp.connector[connector] or payload.duration <= 0 or not allows_unit(cp, unit) then
    return { status = "Rejected" }
  end
  local start_ms = cp:clock_ms() // 1000 * 1000
  return {
    status = "Accepted",
    connectorId = connector,
    scheduleStart = core.format_time(start_ms),
    chargingSchedule = {
      duration = payload.duration,
      startSchedule = core.format_time(start_ms),
      chargingRateUnit = unit,
      chargingSchedulePeriod = composite.periods(
        cp.profiles,
        context_of(cp, connector, unit, start_ms, payload.duration)
      ),
    },
  }
end

-- What may flow at a connector now, in "A" (the default) or "W".
function methods.limit(cp, connector, unit)
  local now = cp:clock_ms()
  return composite.periods(cp.profiles, context_of(cp, connector or 1, unit or "A", now, 1))[1].limit
end

-- The profiles of a transaction end with it.
function methods.drop_profiles(cp, session)
  cp.profiles = without(cp, function(entry)
    return entry.session == session
  end)
end

return {
  feature = "SmartCharging",
  configuration = {
    ChargeProfileMaxStackLevel = "10",
    ChargingScheduleAllowedChargingRateUnit = "Current,Power",
    ChargingScheduleMaxPeriods = "24",
    ConnectorSwitch3to1PhaseSupported = "false",
    MaxChargingProfilesInstalled = "10",
  },
  readonly = {
    "ChargeProfileMaxStackLevel",
    "ChargingScheduleAllowedChargingRateUnit",
    "ChargingScheduleMaxPeriods",
    "ConnectorSwitch3to1PhaseSupported",
    "MaxChargingProfilesInstalled",
  },
  init = function(cp)
    cp.profiles = {}
    cp.max_limit = cp.max_limit or { A = 32, W = 22080 }
  end,
  actions = actions,
  methods = methods,
}

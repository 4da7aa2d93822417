-- The schedule that results from charging profiles. Nothing here knows of chargers or of the time: what it takes is
-- in its arguments, so that another implementation can be compared with it.
local core = require "core"

local composite = {}

local recurrences = { Daily = 86400 * 1000, Weekly = 7 * 86400 * 1000 }

local function at(text)
  return text and core.parse_time(text)
end

-- Where a profile's schedule begins that counts at `t`, and where it ends at the latest.
local function occurrence(profile, t, context)
  local schedule = profile.chargingSchedule
  local start = at(schedule.startSchedule)
  local begun = context.transaction and context.transaction.start_ms or context.start_ms
  if profile.chargingProfileKind == "Relative" or not start then
    start = begun
  end
  local ends = schedule.duration and start + schedule.duration * 1000 or math.huge
  local every = profile.chargingProfileKind == "Recurring" and recurrences[profile.recurrencyKind]
  if every and t >= start then
    start = start + (t - start) // every * every
    ends = start + math.min(schedule.duration and schedule.duration * 1000 or every, every)
  end
  return start, ends
end

-- The period of a profile that counts at `t`, or nil.
local function period_at(profile, t, context)
  local from, to = at(profile.validFrom), at(profile.validTo)
  if from and t < from or to and t >= to then
    return nil
  end
  local start, ends = occurrence(profile, t, context)
  if t < start or t >= ends then
    return nil
  end
  local found
  for _, period in ipairs(profile.chargingSchedule.chargingSchedulePeriod) do
    if start + period.startPeriod * 1000 <= t then
      found = period
    end
  end
  return found
end

local function applies(entry, purpose, context)
  local profile = entry.profile
  if profile.chargingProfilePurpose ~= purpose then
    return false
  elseif purpose == "ChargePointMaxProfile" then
    return true
  elseif entry.connector ~= context.connector and (entry.connector ~= 0 or purpose == "TxProfile") then
    return false
  end
  return purpose ~= "TxProfile"
    or context.transaction ~= nil and (not profile.transactionId or profile.transactionId == context.transaction.id)
end

-- A higher stack level goes first; on the same level the connector's own before connector 0's.
local function is_before(a, b)
  local level, other = a.profile.stackLevel, b.profile.stackLevel
  return level > other or level == other and a.connector > b.connector
end

local function best(entries, purpose, t, context)
  local found, found_period
  for _, entry in ipairs(entries) do
    local period = applies(entry, purpose, context) and period_at(entry.profile, t, context)
    if period and (not found or is_before(entry, found)) then
      found, found_period = entry, period
    end
  end
  return found, found_period
end

-- A limit in the unit asked for: amperes are of each phase, watts of all.
local function convert(limit, from, to, phases, context)
  if from == to then
    return limit
  end
  local watts = (context.voltage or 230) * phases
  return from == "A" and limit * watts or limit / watts
end

local function limit_of(entry, period, context)
  local from = entry.profile.chargingSchedule.chargingRateUnit
  local phases = period.numberPhases or context.phases or 3
  return convert(period.limit, from, context.unit, phases, context), period.numberPhases
end

-- The limit at `t` and its number of phases, if that is told.
local function limit_at(entries, t, context)
  local limit, phases = context.max, nil
  local own, period
  if context.connector > 0 then
    own, period = best(entries, "TxProfile", t, context)
    if not own then
      own, period = best(entries, "TxDefaultProfile", t, context)
    end
  end
  for _, pair in ipairs { { own, period }, { best(entries, "ChargePointMaxProfile", t, context) } } do
    if pair[1] then
      local other, other_phases = limit_of(pair[1], pair[2], context)
      if not limit or other < limit then
        limit, phases = other, other_phases
      end
    end
  end
  return limit, phases
end

-- Every time between the ends at which a profile may change what counts.
local function add_changes(times, profile, context)
  local ends = context.start_ms + context.duration * 1000
  local function add(t)
    if t and t > context.start_ms and t < ends then
      times[t] = true
    end
  end
  add(at(profile.validFrom))
  add(at(profile.validTo))
  local every = profile.chargingProfileKind == "Recurring" and recurrences[profile.recurrencyKind]
  local t = context.start_ms
  repeat
    local start, stop = occurrence(profile, t, context)
    add(start)
    add(stop)
    for _, period in ipairs(profile.chargingSchedule.chargingSchedulePeriod) do
      add(start + period.startPeriod * 1000)
    end
    t = every and math.max(start, t - every) + every or ends
  until t >= ends
end

local function round(limit)
  return math.floor(limit * 10 + 0.5) / 10
end

-- composite.periods(entries, context): the chargingSchedulePeriod list. An entry is {connector, profile}; the context
-- has connector, start_ms, duration (s), unit ("A" or "W"), and optionally transaction {id, start_ms}, max (the hardware's
-- limit in that unit), voltage (230), phases (3).
function composite.periods(entries, context)
  local times, ordered, periods = { [context.start_ms] = true }, {}, {}
  for _, entry in ipairs(entries) do
    add_changes(times, entry.profile, context)
  end
  for t in pairs(times) do
    ordered[#ordered + 1] = t
  end
  table.sort(ordered)
  for _, t in ipairs(ordered) do
    local limit, phases = limit_at(entries, t, context)
    local seconds = (t - context.start_ms) // 1000
    limit = limit and round(limit)
    if #periods > 0 and periods[#periods].startPeriod == seconds then
      periods[#periods] = nil -- for less than a second
    end
    local last = periods[#periods]
    if limit and not (last and last.limit == limit and last.numberPhases == phases) then
      periods[#periods + 1] = { startPeriod = seconds, limit = limit, numberPhases = phases }
    end
  end
  return periods
end

return composite

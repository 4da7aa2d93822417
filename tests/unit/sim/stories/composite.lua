-- The composite schedule of charging profiles, at a fixed time.
local composite = require "composite"

local START = "2026-03-02T12:00:00Z" -- a Monday
local core = require "core"
local start_ms = core.parse_time(START)

local function time(offset)
  return core.format_time(start_ms + offset * 1000)
end

local next_id = 0
local function profile(purpose, level, periods, more)
  next_id = next_id + 1
  local list = {}
  for i, period in ipairs(periods) do
    list[i] = { startPeriod = period[1], limit = period[2], numberPhases = period[3] }
  end
  more = more or {}
  return {
    chargingProfileId = next_id,
    chargingProfilePurpose = purpose,
    stackLevel = level,
    chargingProfileKind = more.kind or "Absolute",
    recurrencyKind = more.recurrency,
    validFrom = more.from,
    validTo = more.to,
    transactionId = more.transaction,
    chargingSchedule = {
      chargingRateUnit = more.unit or "A",
      startSchedule = more.start,
      duration = more.duration,
      chargingSchedulePeriod = list,
    },
  }
end

local function periods(entries, more)
  local context = { connector = 1, start_ms = start_ms, duration = 3600, unit = "A", max = 32 }
  for key, value in pairs(more or {}) do
    context[key] = value
  end
  local found = {}
  for i, period in ipairs(composite.periods(entries, context)) do
    found[i] = { period.startPeriod, period.limit, period.numberPhases }
  end
  return found
end

local function at(connector, p)
  return { connector = connector, profile = p }
end

-- Nothing set: what the hardware can do.
equal(periods {}, { { 0, 32.0 } })

-- The default of all connectors, of one connector; the same level: the connector's own.
local general = at(0, profile("TxDefaultProfile", 1, { { 0, 16 } }, { start = time(-60) }))
local own = at(1, profile("TxDefaultProfile", 1, { { 0, 10 } }, { start = time(-60) }))
equal(periods { general }, { { 0, 16.0 } })
equal(periods { general, own }, { { 0, 10.0 } })
equal(periods({ general, own }, { connector = 2 }), { { 0, 16.0 } })

-- A higher level wins, until its schedule is over.
local high = at(0, profile("TxDefaultProfile", 5, { { 0, 6 } }, { start = time(600), duration = 900 }))
equal(periods { general, high }, { { 0, 16.0 }, { 600, 6.0 }, { 1500, 16.0 } })

-- Validity begins and ends it too; the end is not in it.
local valid = at(0, profile("TxDefaultProfile", 6, { { 0, 8 } }, { start = time(-60), from = time(100), to = time(200) }))
equal(periods { general, valid }, { { 0, 16.0 }, { 100, 8.0 }, { 200, 16.0 } })

-- A transaction's profile takes the default's place, also where it allows more; the charger's maximum is never passed.
local transaction = { id = 7, start_ms = start_ms - 1000 * 1000 }
local tx = at(1, profile("TxProfile", 0, { { 0, 20 }, { 1200, 24 } }, { kind = "Relative", transaction = 7 }))
equal(periods({ general, tx }, { transaction = transaction }), { { 0, 20.0 }, { 200, 24.0 } })
equal(periods { general, tx }, { { 0, 16.0 } })
equal(periods({ general, tx }, { transaction = { id = 8, start_ms = start_ms } }), { { 0, 16.0 } })
local max = at(0, profile("ChargePointMaxProfile", 0, { { 0, 25 }, { 1800, 13 } }, { start = time(0) }))
equal(periods({ general, tx, max }, { transaction = transaction }), { { 0, 20.0 }, { 200, 24.0 }, { 1800, 13.0 } })
equal(periods({ general, tx, max }, { transaction = transaction, connector = 0 }), { { 0, 25.0 }, { 1800, 13.0 } })

-- Every day, every week.
local daily = at(0, profile("TxDefaultProfile", 9, { { 0, 6 }, { 3600, 9 } }, {
  kind = "Recurring",
  recurrency = "Daily",
  start = "2026-01-01T12:30:00Z",
  duration = 7200,
}))
equal(periods({ daily }, { duration = 86400 + 7200 }), {
  { 0, 32.0 },
  { 1800, 6.0 },
  { 5400, 9.0 },
  { 9000, 32.0 },
  { 88200, 6.0 },
  { 91800, 9.0 },
})
local weekly = at(0, profile("TxDefaultProfile", 9, { { 0, 6 } }, {
  kind = "Recurring",
  recurrency = "Weekly",
  start = "2026-02-23T13:00:00Z",
  duration = 600,
}))
equal(periods({ weekly }, { duration = 86400 }), { { 0, 32.0 }, { 3600, 6.0 }, { 4200, 32.0 } })
-- Without a duration it goes on until it begins again.
local endless = at(0, profile("TxDefaultProfile", 9, { { 0, 6 }, { 43200, 9 } }, {
  kind = "Recurring",
  recurrency = "Daily",
  start = "2026-01-01T00:00:00Z",
}))
equal(periods({ endless }, { duration = 86400 }), { { 0, 9.0 }, { 43200, 6.0 } })

-- Watts and amperes: three phases of 230 V unless a period says otherwise.
local watts = at(0, profile("TxDefaultProfile", 1, { { 0, 6900 }, { 600, 2300, 1 } }, { unit = "W", start = time(0) }))
equal(periods { watts }, { { 0, 10.0 }, { 600, 10.0, 1 } })
equal(periods({ own }, { unit = "W", max = 22080 }), { { 0, 6900.0 } })
-- A tenth is a tenth.
local third = at(0, profile("TxDefaultProfile", 1, { { 0, 10000 } }, { unit = "W", start = time(0) }))
equal(periods { third }, { { 0, 14.5 } })

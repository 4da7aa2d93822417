-- Clocks in 1970 and ahead, meters that run backwards: no session is lost, no energy is negative.
seed.charger "C16-ODD"
seed.token "C16-O"
local cp = charger { id = "C16-ODD" }
cp:connect()
cp:boot()

local function newest()
  return http.get("/api/admin/transactions?charger=C16-ODD").body.items[1]
end

local function session(start, stop)
  local payload = { connectorId = 1, idTag = "C16-O", meterStart = 1000, timestamp = cp:now(-600) }
  for key, value in pairs(start) do
    payload[key] = value
  end
  local id = cp:demand("StartTransaction", payload).transactionId
  if stop.sample then
    cp:demand("MeterValues", {
      connectorId = 1,
      transactionId = id,
      meterValue = { { timestamp = cp:now(-300), sampledValue = { { value = stop.sample } } } },
    })
  end
  equal(
    cp:demand("StopTransaction", {
      transactionId = id,
      meterStop = stop.meter or 2000,
      timestamp = stop.timestamp or cp:now(),
    }),
    {}
  )
  local t = newest()
  equal(t.protocol_id, tostring(id))
  equal(t.state, "completed")
  check(t.energy_wh >= 0)
  check(t.stopped_at >= t.started_at)
  return t
end

local function has(t, flag)
  for _, f in ipairs(t.flags) do
    if f == flag then
      return true
    end
  end
  return false
end

-- 1970, twice with the very same start: two sessions, since the first had ended.
local t = session({ timestamp = "1970-01-01T00:00:10Z" }, { timestamp = "1970-01-01T00:10:00Z" })
check(has(t, "clock"))
equal(t.energy_wh, 1000)
check(t.started_at > "2020")
local first = t.id
t = session({ timestamp = "1970-01-01T00:00:10Z" }, { timestamp = "1970-01-01T00:10:00Z" })
check(t.id ~= first)

-- Ten years ahead; two hours ahead at the start and right at the stop.
t = session({ timestamp = cp:now(10 * 365 * 86400) }, {})
check(has(t, "clock"))
t = session({ timestamp = cp:now(7200) }, {})
check(has(t, "clock"))

-- Meters.
t = session({}, { meter = -1 })
equal(t.energy_wh, 0)
check(has(t, "meter_backwards"))
t = session({}, { meter = 40 })
equal(t.energy_wh, 0)
t = session({}, { meter = 40, sample = "1750" })
equal(t.energy_wh, 750)
equal(t.meter_stop_wh, 1750)
check(has(t, "meter_backwards"))
t = session({ meterStart = -1 }, { sample = "5000", meter = 5600 })
check(has(t, "meter_unknown"))
equal(t.meter_start_wh, 5000)
equal(t.energy_wh, 600)
t = session({ meterStart = -1 }, { meter = 5600 })
equal(t.energy_wh, 0)
t = session({}, { meter = 1000 })
equal(t.energy_wh, 0)
equal(#t.flags, 1, "offline only")

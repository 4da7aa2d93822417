-- Sessions on two connectors of one charger and on a second charger never share a transaction.
for _, id in ipairs { "C16-A", "C16-B" } do
  seed.charger(id)
end
for _, tag in ipairs { "C16-T1", "C16-T2", "C16-T3" } do
  seed.token(tag)
end

local a = charger { id = "C16-A", connectors = 2 }
local b = charger { id = "C16-B" }
for _, cp in ipairs { a, b } do
  cp:connect()
  equal(cp:boot().status, "Accepted")
end

local function start(cp, connector, tag, meter, timestamp)
  return cp:demand("StartTransaction", {
    connectorId = connector,
    idTag = tag,
    meterStart = meter,
    timestamp = timestamp or cp:now(),
  })
end

local function stop(cp, id, tag, meter, more)
  local payload = { transactionId = id, idTag = tag, meterStop = meter, timestamp = cp:now() }
  for key, value in pairs(more or {}) do
    payload[key] = value
  end
  return cp:demand("StopTransaction", payload)
end

-- The newest transaction of a charger with this OCPP id.
local function stored(cp, id)
  for _, t in ipairs(http.get("/api/admin/transactions?charger=" .. cp.id).body.items) do
    if t.protocol_id == tostring(id) then
      return t
    end
  end
end

local one = start(a, 1, "C16-T1", 1000)
local two = start(a, 2, "C16-T2", 2000)
local three = start(b, 1, "C16-T3", 3000)
for _, answer in ipairs { one, two, three } do
  equal(answer.idTagInfo.status, "Accepted")
  check(answer.transactionId > 0 and answer.transactionId < 2 ^ 31)
end
check(one.transactionId ~= two.transactionId and two.transactionId ~= three.transactionId)

-- B names A's transaction: A's is not touched.
b:demand("MeterValues", {
  connectorId = 1,
  transactionId = one.transactionId,
  meterValue = { { timestamp = b:now(), sampledValue = { { value = "3100" } } } },
})
equal(stored(a, one.transactionId).meter_last_wh, json.null)
equal(stored(b, three.transactionId).meter_last_wh, 3100)

-- A names its first connector's transaction on the second: it is the second's that is meant.
a:demand("MeterValues", {
  connectorId = 2,
  transactionId = one.transactionId,
  meterValue = { { timestamp = a:now(), sampledValue = { { value = "2.2", unit = "kWh" } } } },
})
equal(stored(a, one.transactionId).meter_last_wh, json.null)
equal(stored(a, two.transactionId).meter_last_wh, 2200)

-- B stops A's transaction: B has only one open of this token, and that ends.
equal(stop(b, one.transactionId, "C16-T3", 3500).idTagInfo.status, "Accepted")
equal(stored(a, one.transactionId).state, "active")
local ended = stored(b, three.transactionId)
equal(ended.state, "completed")
equal(ended.energy_wh, 500)
equal(ended.flags[1], "unknown_id")

equal(stop(a, one.transactionId, "C16-T1", 1700, { reason = "EVDisconnected" }).idTagInfo.status, "Accepted")
ended = stored(a, one.transactionId)
equal(ended.state, "completed")
equal(ended.energy_wh, 700)
equal(ended.stop_reason, "EVDisconnected")
equal(#ended.flags, 0)
equal(stored(a, two.transactionId).state, "active")

-- The same stop again changes nothing; another one leaves a mark only.
local again = { reason = "EVDisconnected", timestamp = ended.stopped_at }
equal(stop(a, one.transactionId, "C16-T1", 1800, again).idTagInfo.status, "Accepted")
local after = stored(a, one.transactionId)
equal(after.energy_wh, 700)
equal(after.flags[1], "stop_conflict")

-- A new start on a connector that still has one open ends that by estimate.
local four = start(a, 2, "C16-T2", 2500)
equal(four.idTagInfo.status, "Accepted")
check(four.transactionId ~= two.transactionId)
ended = stored(a, two.transactionId)
equal(ended.state, "completed")
equal(ended.estimated, true)
equal(ended.energy_wh, 200)
equal(stored(a, four.transactionId).state, "active")

-- The real stop comes after all, and replaces the estimate.
equal(stop(a, two.transactionId, "C16-T2", 2450).idTagInfo.status, "Accepted")
ended = stored(a, two.transactionId)
equal(ended.estimated, false)
equal(ended.energy_wh, 450)
equal(ended.flags[1], "late_stop")

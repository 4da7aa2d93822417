-- Sessions that are reported otherwise than they should be, by the numbers of docs/quirks.md: each is kept, once, with the
-- energy that it took; what is answered lets the charger go on.
local deviations = require "deviations"
seed.token "D-TAG"
seed.token "D-TAG2"

local function transactions(id)
  return http.get("/api/admin/transactions?charger=" .. id).body.items
end

local function start(cp, fields)
  local payload = { connectorId = 1, idTag = "D-TAG", meterStart = 1000, timestamp = cp:now() }
  for key, value in pairs(fields or {}) do
    payload[key] = value
  end
  return cp:demand("StartTransaction", payload)
end

local function stop(cp, id, meter, fields)
  local payload = { transactionId = id, meterStop = meter, timestamp = cp:now() }
  for key, value in pairs(fields or {}) do
    payload[key] = value
  end
  return cp:demand("StopTransaction", payload)
end

local function sample(cp, fields, sampled)
  local payload = { connectorId = 1, meterValue = { { timestamp = cp:now(), sampledValue = { sampled } } } }
  for key, value in pairs(fields) do
    payload[key] = value
  end
  return cp:demand("MeterValues", payload)
end

local function readings(transaction)
  return http.get("/api/admin/transactions/" .. transaction.id .. "/meter-values").body.items
end

-- As the charger writes it: 64-bit numbers are more than Lua's JSON need know.
local function raw(cp, action, payload)
  local id = cp:new_message_id()
  cp:send_raw(('[2,"%s","%s",%s]'):format(id, action, payload))
  return cp:expect({ kind = "result", id = id }).payload
end

local function has_flag(t, flag)
  for _, f in ipairs(t.flags) do
    if f == flag then
      return true
    end
  end
end

local list = {}

list[39] = { "a transactionId that is the largest number", function()
  local cp = deviations.charger "D39"
  start(cp)
  local values = '{"connectorId":1,"transactionId":9223372036854775807,"meterValue":[{"timestamp":"%s","sampledValue":[{"value":"1500"}]}]}'
  equal(raw(cp, "MeterValues", values:format(cp:now())), {})
  equal(readings(transactions("D39")[1])[1].energy_wh, 1500)
  equal(raw(cp, "StopTransaction", ('{"transactionId":9223372036854775807,"meterStop":1900,"timestamp":"%s"}'):format(cp:now())), {})
  matches(transactions("D39")[1], { state = "completed", energy_wh = 900 })
end }

list[40] = { "a power whose unit is that of an energy", function()
  local cp = deviations.charger "D40"
  local id = start(cp).transactionId
  sample(cp, { transactionId = id }, { value = "7400", measurand = "Power.Active.Import", unit = "Wh" })
  equal(readings(transactions("D40")[1])[1].power_w, 7400)
  sample(cp, { transactionId = id }, { value = "3.7", measurand = "Power.Active.Import", unit = "kWh" })
  local seen = readings(transactions("D40")[1])
  check(seen[1].power_w == 3700 or seen[2].power_w == 3700)
  equal(seen[1].energy_wh, json.null)
end }

list[41] = { "reservation 0", function()
  local cp = deviations.charger "D41"
  equal(start(cp, { reservationId = 0 }).idTagInfo.status, "Accepted")
  equal(transactions("D41")[1].state, "active")
end }

list[44] = { "1970, before its clock is set", function()
  local cp = deviations.charger "D44"
  cp:demand("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError", timestamp = "1970-01-01T00:00:05Z" })
  local id = start(cp, { timestamp = "1970-01-01T00:00:10Z" }).transactionId
  stop(cp, id, 1400, { timestamp = "1970-01-01T00:10:00Z" })
  local t = transactions("D44")[1]
  matches(t, { state = "completed", energy_wh = 400, flags = function() return has_flag(t, "clock") end })
  check(t.started_at > "2020")
end }

list[45] = { "it cannot read fractions of seconds", function()
  local cp = deviations.charger "D45"
  local whole = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$"
  check(cp:boot().currentTime:find(whole))
  check(cp:heartbeat().currentTime:find(whole))
  seed.token { id_tag = "D-EXPIRES", expires_at = now(86400) }
  check(start(cp, { idTag = "D-EXPIRES" }).idTagInfo.expiryDate:find(whole))
  local answer = http.post(deviations.path_of "D45" .. "/reservations", { connector_id = 1, id_tag = "D-TAG", expires_in_s = 600 })
  equal(answer.status, 200, answer.text)
  check(cp.reservations[answer.body.reservation_id])
end }

list[46] = { "the same start again after the line was cut, with its first time", function()
  local cp = deviations.charger "D46"
  local at = cp:now(-120)
  local first = start(cp, { timestamp = at })
  cp:drop()
  cp:reconnect()
  cp:boot()
  equal(start(cp, { timestamp = at }), first)
  cp:drop()
  cp:reconnect()
  equal(start(cp, { timestamp = at }), first)
  equal(#transactions "D46", 1)
  stop(cp, first.transactionId, 1500)
  equal(transactions("D46")[1].energy_wh, 500)
end }

list[47] = { "a start twice, under two ids, on two links", function()
  local cp = deviations.charger "D47"
  local payload = ('{"connectorId":1,"idTag":"D-TAG","meterStart":1000,"timestamp":"%s"}'):format(cp:now())
  local frame = '[2,"%s","StartTransaction",' .. payload .. "]"
  cp:send_raw(frame:format "a")
  cp:send_raw(frame:format "b")
  local a, b = cp:expect({ id = "a" }).payload, cp:expect({ id = "b" }).payload
  equal(a, b)
  equal(a.idTagInfo.status, "Accepted")
  equal(#transactions "D47", 1)
end }

list[48] = { "transaction -1 after a start that was never answered", function()
  local cp = deviations.charger "D48"
  start(cp)
  equal(sample(cp, { transactionId = -1 }, { value = "1700" }), {})
  equal(readings(transactions("D48")[1])[1].energy_wh, 1700)
  equal(stop(cp, -1, 1800), {})
  local t = transactions("D48")[1]
  matches(t, { state = "completed", energy_wh = 800, flags = function() return has_flag(t, "unknown_id") end })
end }

list[49] = { "it charges although its start was not accepted", function()
  local cp = deviations.charger "D49"
  seed.token { id_tag = "D-BLOCKED", status = "blocked" }
  local ids = {}
  for i = 1, 2 do
    local answer = start(cp, { idTag = "D-BLOCKED", timestamp = cp:now(-60 * i) })
    equal(answer.idTagInfo.status, "Blocked")
    check(answer.transactionId > 0)
    ids[i] = answer.transactionId
    equal(stop(cp, i == 1 and answer.transactionId or -1, 1250), {})
    equal(transactions("D49")[1].energy_wh, 250)
  end
  check(ids[1] ~= ids[2])
end }

list[50] = { "it reads an answer only if nothing is in it that it does not know", function()
  local cp = deviations.charger "D50"
  local answer = start(cp)
  local members = {}
  for key in pairs(answer) do
    members[#members + 1] = key
  end
  table.sort(members)
  equal(members, { "idTagInfo", "transactionId" })
  for key in pairs(answer.idTagInfo) do
    check(key == "status" or key == "parentIdTag" or key == "expiryDate", key)
  end
  equal(stop(cp, 0, 1300), {})
  equal(transactions("D50")[1].energy_wh, 300)
end }

list[51] = { "readings of nothing, under the number of a transaction that is over, or none's", function()
  local cp = deviations.charger "D51"
  local id = start(cp).transactionId
  stop(cp, id, 1200)
  wait(1.1) -- a later second than that of the stop
  for _, name in ipairs { id, 1 } do
    equal(sample(cp, { transactionId = name }, { value = "1900" }), {})
  end
  matches(transactions("D51")[1], { state = "completed", energy_wh = 200 })
  equal(readings(transactions("D51")[1]), array {})
end, long = true }

list[52] = { "the stop of a session in the charger's free mode", function()
  local cp = deviations.charger "D52"
  for _ = 1, 2 do
    equal(stop(cp, 4711, 5000, { timestamp = "2026-10-01T08:00:00Z" }), {})
  end
  local items = transactions "D52"
  equal(#items, 1)
  check(has_flag(items[1], "unknown_start"))
end }

list[53] = { "meters that start anew or are not known", function()
  local cp = deviations.charger "D53"
  for i, case in ipairs {
    { stop = -1, energy = 0 },
    { stop = 40, energy = 0 },
    { stop = -1, sample = "1750", energy = 750 },
    { start = 0, stop = 300, energy = 300 },
    { start = -1, sample = "5000", stop = 5600, energy = 600 },
  } do
    local id = start(cp, { meterStart = case.start, timestamp = cp:now(-100 + i) }).transactionId
    if case.sample then
      sample(cp, { transactionId = id }, { value = case.sample })
    end
    equal(stop(cp, id, case.stop), {})
    matches(transactions("D53")[1], { state = "completed", energy_wh = case.energy })
  end
end }

list[54] = { "a boot in the midst of a session: forgotten by some, resumed by others", function()
  local cp = deviations.charger "D54"
  local function interrupted()
    local id = start(cp, { timestamp = cp:now(-30), meterStart = 1000 + #transactions "D54" }).transactionId
    sample(cp, { transactionId = id }, { value = "1500" })
    cp:drop()
    cp:reconnect()
    cp:boot()
    cp:demand("StatusNotification", { connectorId = 1, status = "Preparing", errorCode = "NoError" })
    equal(transactions("D54")[1].state, "pending_reconciliation")
    return id
  end
  local resumed = interrupted()
  cp:demand("StatusNotification", { connectorId = 1, status = "Charging", errorCode = "NoError" })
  equal(transactions("D54")[1].state, "active")
  stop(cp, resumed, 1800)
  matches(transactions("D54")[1], { energy_wh = 800, estimated = false })
  interrupted()
  start(cp, { idTag = "D-TAG2", meterStart = 1600 })
  matches(transactions("D54")[2], { state = "completed", estimated = true, energy_wh = 499 })
end }

list[55] = { "other messages before its boot", function()
  seed.charger "D55"
  local cp = charger { id = "D55", silent = true }
  cp:connect()
  equal(cp:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError" }), {})
  check(cp:heartbeat())
  equal(start(cp).idTagInfo.status, "Accepted")
  equal(cp:boot().status, "Accepted")
  equal(http.get(deviations.path_of "D55").body.connectors[1].status, "Available")
end }

deviations.tell(list, 39, 55)

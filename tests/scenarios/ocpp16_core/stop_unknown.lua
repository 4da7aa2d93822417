-- Stops that name no transaction we know: 0, -1, too large, never started here.
seed.charger "C16-STOP"
seed.token "C16-S1"
seed.token "C16-S2"
local cp = charger { id = "C16-STOP", connectors = 2 }
cp:connect()
cp:boot()

local function items()
  return http.get("/api/admin/transactions?charger=C16-STOP").body.items
end

local function find(id)
  for _, t in ipairs(items()) do
    if t.protocol_id == tostring(id) then
      return t
    end
  end
end

local function start(connector, tag, meter)
  return cp:demand("StartTransaction", {
    connectorId = connector,
    idTag = tag,
    meterStart = meter,
    timestamp = cp:now(),
  }).transactionId
end

-- A raw frame, since 64-bit ids are no Lua matter.
local function stop(id, more)
  local message = cp:new_message_id()
  cp:send_raw(
    ('[2,"%s","StopTransaction",{"transactionId":%s,"meterStop":5000,"timestamp":"%s"%s}]'):format(
      message,
      id,
      cp:now(),
      more or ""
    )
  )
  return cp:expect { kind = "result", id = message }.payload
end

-- Only one can be meant.
for _, id in ipairs { "0", "-1", "9223372036854775807", "2147483647" } do
  local real = start(1, "C16-S1", 4000)
  equal(stop(id, ',"idTag":"c16-s1"').idTagInfo.status, "Accepted")
  local t = find(real)
  equal(t.state, "completed", id)
  equal(t.energy_wh, 1000)
  equal(t.flags[1], "unknown_id")
end
local count = #items()

-- Two can be meant, but one is of this token.
local one, two = start(1, "C16-S1", 1000), start(2, "C16-S2", 2000)
stop("-1", ',"idTag":"C16-S2"')
equal(find(two).state, "completed")
equal(find(one).state, "active")

-- Two of one token: not guessed, but stored as one of its own, and answered like any other.
two = start(2, "C16-S1", 2000)
equal(stop("0", ',"idTag":"C16-S1"').idTagInfo.status, "Accepted")
equal(find(one).state, "active")
equal(find(two).state, "active")
equal(#items(), count + 4)
local own = items()[1]
equal(own.state, "completed")
equal(own.flags[1], "unknown_start")
equal(own.connector_id, 0)
equal(own.energy_wh, 0)
equal(own.id_tag, "C16-S1")

-- Started in the charger's free mode: transactionData tells its energy. Repeated, it is still one.
local data = ',"transactionData":[{"timestamp":"%s","sampledValue":['
  .. '{"value":"4.2","unit":"kWh","context":"Transaction.Begin"},{"value":"5000","context":"Transaction.End"}]}]'
data = data:format(cp:now())
local payload = ('{"transactionId":77777,"meterStop":5000,"timestamp":"%s"%s}'):format(cp:now(), data)
count = #items()
cp:demand("StopTransaction", json.decode('{"transactionId":' .. one .. ',"meterStop":1100,"timestamp":"' .. cp:now() .. '"}'))
cp:demand("StopTransaction", json.decode('{"transactionId":' .. two .. ',"meterStop":2100,"timestamp":"' .. cp:now() .. '"}'))
for _ = 1, 3 do
  equal(cp:demand("StopTransaction", json.decode(payload)), {})
end
equal(#items(), count + 1)
own = items()[1]
equal(own.flags[1], "unknown_start")
equal(own.energy_wh, 800)
equal(#http.get("/api/admin/transactions/" .. own.id .. "/meter-values").body.items, 1)

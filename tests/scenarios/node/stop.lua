-- SIGTERM: what was received is committed and answered, the links are closed with 1001, the status is 0.
local COUNT = 20
local chargers, pending = {}, {}
for i = 1, COUNT do
  seed.charger("STOP" .. i)
  seed.token("STOP" .. i)
  chargers[i] = charger { id = "STOP" .. i, silent = true }
  chargers[i]:connect()
  chargers[i]:boot()
  pending[i] = json.encode {
    2, "start-" .. i, "StartTransaction",
    { connectorId = 1, idTag = "STOP" .. i, meterStart = 0, timestamp = now() },
  }
end
for i = 1, COUNT do
  chargers[i]:send_raw(pending[i])
end
-- The server has certainly received the last one once it has answered a request sent after it.
chargers[COUNT]:expect { kind = "result", id = "start-" .. COUNT }
server.stop()

local answered = {}
for i = 1, COUNT do
  chargers[i]:wait_closed()
  equal(chargers[i].close_code, 1001, "the close code of STOP" .. i)
  for _, frame in ipairs(chargers[i].inbox) do
    if frame.kind == "result" then
      answered[i] = frame.payload.transactionId
    end
  end
end

server.start()
for i = 1, COUNT - 1 do
  local found = http.get("/api/admin/transactions?charger=STOP" .. i).body.items
  if answered[i] then
    equal(#found, 1, "the answered start of STOP" .. i)
    equal(found[1].protocol_id, tostring(answered[i]))
  end
  check(#found <= 1)
end

-- Ids of 1 to 36 characters are ids, whatever they hold; others have none to answer to. An id used again is a repetition
-- only with the same bytes.
seed.charger "IDS"
local cp = charger { id = "IDS", silent = true }
cp:connect()
cp:boot()

local function send(id, action, payload)
  cp:send_raw(("[2,%s,%q,%s]"):format(id, action or "Heartbeat", payload or "{}"))
end

log "taken, and given back as they came"
for _, id in ipairs {
  "1", " ", ("x"):rep(36), "00000000-0000-4000-8000-000000000000", "é", ("é"):rep(36), "a/b%c?d", "null", "-1",
} do
  send(json.encode(id))
  equal(cp:expect({ kind = "result" }).id, id)
end
send [["\"quoted\\\u00e9\ud83d\ude00"]]
equal(cp:expect({ kind = "result" }).id, '"quoted\\é😀')

log "not taken: the error is to nobody"
for _, id in ipairs { '""', "null", "7", "1.5", "true", "{}", "[]", json.encode(("x"):rep(37)), json.encode(("é"):rep(37)), json.encode(("x"):rep(4000)) } do
  send(id)
  local answer = cp:expect { kind = "error" }
  equal(answer.id, "-1", id)
  equal(answer.code, "FormationViolation", id)
  equal(answer.description, "the message id is not a string of 1 to 36 characters", id)
end

log "again with the same bytes: the same answer, once done"
local start = '{"connectorId":1,"idTag":"IDS","meterStart":%d,"timestamp":"2026-11-21T10:00:00Z"}'
local ids = {}
for i = 1, 3 do
  send('"again"', "StartTransaction", start:format(1))
  ids[i] = cp:expect({ kind = "result", id = "again" }).payload.transactionId
end
equal(ids, { ids[1], ids[1], ids[1] })

log "again with other bytes: another call"
send('"again"', "StartTransaction", start:format(2))
check(cp:expect({ kind = "result", id = "again" }).payload.transactionId ~= ids[1])
send('"again"')
check(cp:expect({ kind = "result", id = "again" }).payload.currentTime)
send('"again"', "Heartbeat", '{"a":1}')
equal(cp:expect({ kind = "error", id = "again" }).code, "OccurenceConstraintViolation")
equal(#http.get("/api/admin/transactions?charger=IDS").body.items, 2)

log "again on the next link"
cp:drop()
cp:connect()
send('"again"', "StartTransaction", start:format(1))
equal(cp:expect({ kind = "result", id = "again" }).payload.transactionId, ids[1])

log "again for the next process: known by what it says"
server.kill()
server.start()
cp:wait_closed()
cp:reconnect()
send('"again"', "StartTransaction", start:format(1))
equal(cp:expect({ kind = "result", id = "again" }).payload.transactionId, ids[1])
equal(#http.get("/api/admin/transactions?charger=IDS").body.items, 2)

-- So many transactions at once, of a token and of a group: what counts, and what does not.
local chargers = {}
for i = 1, 4 do
  seed.charger("CP" .. i)
  local cp = charger { id = "CP" .. i, connectors = 3 }
  cp:connect()
  cp:boot()
  chargers[i] = cp
end
local a, b, c, d = table.unpack(chargers)

local function start(cp, connector, id_tag, offset)
  local payload = { connectorId = connector, idTag = id_tag, meterStart = 0, timestamp = cp:now(offset) }
  local answer = cp:demand("StartTransaction", payload)
  return { cp = cp, id = answer.transactionId, status = answer.idTagInfo.status, payload = payload }
end
local function stop(s, meter, offset)
  s.cp:demand("StopTransaction", { transactionId = s.id, meterStop = meter or 100, timestamp = s.cp:now(offset) })
end
local function starts(expected, cp, connector, id_tag, offset)
  local s = start(cp, connector, id_tag, offset)
  equal(s.status, expected)
  return s
end
local function active(id_tag)
  return http.get("/api/admin/tokens/" .. id_tag).body.active
end

log "a repeated start gets its first answer, whatever has begun since"
seed.token { id_tag = "ONE", max_active = 1 }
local first = starts("Accepted", a, 1, "ONE")
starts("ConcurrentTx", b, 1, "one")
for _ = 1, 3 do
  equal(a:demand("StartTransaction", first.payload).transactionId, first.id)
  equal(a:demand("StartTransaction", first.payload).idTagInfo.status, "Accepted")
end
equal(active "ONE", 1)

log "a refused one does not stand in the way, unless it draws energy"
stop(first)
local second = starts("Accepted", c, 1, "ONE")
stop(second)
local refused = http.get("/api/admin/transactions?charger=CP2").body.items[1]
equal(refused.state, "active")
b:demand("MeterValues", {
  connectorId = 1, transactionId = tonumber(refused.protocol_id),
  meterValue = { { timestamp = b:now(), sampledValue = { { value = "700" } } } },
})
equal(active "ONE", 1)
starts("ConcurrentTx", c, 2, "ONE")
stop { cp = b, id = tonumber(refused.protocol_id) }
stop(starts("Accepted", c, 2, "ONE"))

log "one that has ended does not count, nor one that waits for reconciliation; when it goes on, it does"
seed.token { id_tag = "BOOT", max_active = 1 }
local waiting = starts("Accepted", d, 1, "BOOT")
d:boot()
equal(active "BOOT", 0)
local other = starts("Accepted", c, 3, "BOOT")
stop(other)
d:demand("MeterValues", {
  connectorId = 1, transactionId = waiting.id,
  meterValue = { { timestamp = d:now(1), sampledValue = { { value = "900" } } } },
})
equal(active "BOOT", 1)
starts("ConcurrentTx", c, 3, "BOOT")
stop(waiting, 1000, 2)
equal(active "BOOT", 0)

log "what the connector runs does not stand in the way of one before it, told after it"
seed.token { id_tag = "AFTER", max_active = 1 }
local newer = starts("Accepted", a, 1, "AFTER")
local older = starts("Accepted", a, 1, "AFTER", -60)
stop(older, 50, -30)
equal(active "AFTER", 1)
stop(newer)

log "sessions that were held back: each begins after the one before it has ended"
seed.token { id_tag = "HELD", max_active = 1 }
for hours = 5, 2, -1 do
  local s = starts("Accepted", a, 2, "HELD", -hours * 3600)
  stop(s, 100, -hours * 3600 + 1800)
end
log "what began since does not stand in the way of one that was held back"
local live = starts("Accepted", b, 2, "HELD")
local held = starts("Accepted", a, 3, "HELD", -3600)
log "nor it in the way of a live one, as long as its end may be about to be told"
stop(live)
local next_live = starts("Accepted", b, 2, "HELD", 1)
equal(active "HELD", 2)
stop(held, 100, -1800)
equal(active "HELD", 1)
stop(next_live, 100, 2)
log "but if none is told, it runs"
held = starts("Accepted", a, 3, "HELD", -3000)
server.sql(string.format("update transactions set received_at = '%s' where id = %d;", a:now(-120), held.id))
starts("ConcurrentTx", b, 3, "HELD")
stop(held, 100, 0)

log "a group has a limit of all its members, beside each one's own"
seed.token { id_tag = "FLEET", group_max_active = 2 }
for i = 1, 4 do
  seed.token { id_tag = "CAR" .. i, parent_id_tag = "fleet" }
end
local one = starts("Accepted", a, 1, "CAR1")
local two = starts("Accepted", a, 2, "CAR2")
starts("ConcurrentTx", b, 1, "CAR3")
equal(b:authorize("CAR3").status, "Accepted")
equal(a:demand("StartTransaction", two.payload).idTagInfo.status, "Accepted")
stop(one)
starts("Accepted", c, 1, "CAR4")
starts("ConcurrentTx", d, 1, "CAR1")
http.put("/api/admin/tokens/fleet", { group_max_active = 0 })
starts("Accepted", d, 2, "CAR1")

log "the operator's limit is for tokens that do not say, registered or not"
seed.token "PLAIN"
seed.token { id_tag = "FREE", max_active = 0 }
http.put("/api/admin/operators/default/authorization", { max_active = 1, unknown = "accept" })
for _, id_tag in ipairs { "PLAIN", "NOBODY" } do
  local s = starts("Accepted", b, 1, id_tag)
  starts("ConcurrentTx", b, 2, id_tag)
  stop(s)
end
starts("Accepted", b, 1, "FREE")
starts("Accepted", b, 2, "FREE")

-- Starts that chargers repeat, send late, or send with tokens that may not charge.
seed.charger "C16-START"
seed.token "C16-GOOD"
seed.token { id_tag = "C16-BLOCKED", status = "blocked" }
local cp = charger { id = "C16-START", connectors = 2 }
cp:connect()
cp:boot()

local function items()
  return http.get("/api/admin/transactions?charger=C16-START").body.items
end

local function find(id)
  for _, t in ipairs(items()) do
    if t.protocol_id == tostring(id) then
      return t
    end
  end
end

local function start(payload)
  return cp:demand("StartTransaction", payload)
end

-- The same start three times, under message ids of their own: one transaction, one answer, never ConcurrentTx.
local payload = { connectorId = 1, idTag = "C16-GOOD", meterStart = 10, timestamp = cp:now() }
local first = start(payload)
for _ = 1, 2 do
  local again = start(payload)
  equal(again.transactionId, first.transactionId)
  equal(again.idTagInfo.status, "Accepted")
end
equal(#items(), 1)

-- After a link loss as well, and after a boot.
cp:drop()
cp:reconnect()
cp:boot()
equal(start(payload).transactionId, first.transactionId)
equal(#items(), 1)

-- Tokens that may not charge: stored, with an id of their own.
for _, case in ipairs {
  { tag = "C16-NOBODY", status = "Invalid" },
  { tag = "C16-BLOCKED", status = "Blocked" },
} do
  local answer = start { connectorId = 2, idTag = case.tag, meterStart = 5, timestamp = cp:now() }
  equal(answer.idTagInfo.status, case.status)
  check(answer.transactionId > 0)
  local t = find(answer.transactionId)
  equal(t.token_status, case.status)
  equal(t.state, "active")
  local stopped = cp:demand("StopTransaction", {
    transactionId = answer.transactionId,
    idTag = case.tag,
    meterStop = 5,
    timestamp = cp:now(),
    reason = "DeAuthorized",
  })
  equal(stopped.idTagInfo.status, case.status)
  equal(find(answer.transactionId).state, "completed")
end

-- An offline session of this morning: its own times, flagged, on the connector that is busy now.
local offline = start { connectorId = 1, idTag = "C16-GOOD", meterStart = 1, timestamp = cp:now(-4 * 3600) }
equal(find(first.transactionId).state == "completed", false, "the newer one goes on")
equal(find(offline.transactionId).state, "pending_reconciliation")
equal(find(offline.transactionId).flags[1], "offline")
cp:demand("StopTransaction", { transactionId = offline.transactionId, meterStop = 9, timestamp = cp:now(-3 * 3600) })
local t = find(offline.transactionId)
equal(t.state, "completed")
equal(t.energy_wh, 8)
equal(t.duration_s, 3600)
equal(find(first.transactionId).state == "completed", false)

-- The same token elsewhere while it charges here.
local other = start { connectorId = 2, idTag = "C16-GOOD", meterStart = 5, timestamp = cp:now() }
check(other.transactionId > 0)
check(find(other.transactionId))

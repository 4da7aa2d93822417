-- Calls that come again: what was turned away, or failed on our side, is tried anew; nobody waits for an answer in vain.
settings { config = { ocpp = { queued_calls = 2, replay_calls = 64 } } }
seed.charger "AGAIN1"
seed.token "AGAIN"

local function boot()
  local cp = charger { id = "AGAIN1", silent = true }
  cp:connect()
  cp:boot()
  return cp
end

local function start(i)
  return string.format(
    '[2,"s%d","StartTransaction",{"connectorId":1,"idTag":"AGAIN","meterStart":%d,"timestamp":"2026-11-21T10:00:00Z"}]', i, i)
end

log "more calls at once than may wait: the link is closed, and each is answered when it comes again"
boot():disconnect()
local flood = {}
for i = 1, 40 do
  flood[i] = ws_frame(1, start(i))
end
local socket = tcp()
socket:send(ws_handshake("/ocpp/AGAIN1", { subprotocol = "ocpp1.6" }))
socket:receive "\r\n\r\n"
socket:send(table.concat(flood))
socket:wait_closed(10)
socket:close()
-- The calls that were let in are worked off first.
local cp = charger { id = "AGAIN1", silent = true }
eventually(function()
  return (cp.connected or cp:try_connect()) and cp:call("Authorize", { idTag = "AGAIN" })
end)
for i = 1, 40 do
  cp:send_raw(start(i))
  cp:expect { kind = "result", id = "s" .. i, timeout = 10 }
end
equal(#http.get("/api/admin/transactions?charger=AGAIN1&limit=500").body.items, 40, "each is stored once")
cp:disconnect()

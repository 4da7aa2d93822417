-- The disk takes no more: what cannot be stored is answered InternalError, what was answered is kept, and the
-- server goes on by itself once there is room.
seed.charger "FULL1"
seed.token "FULL"
local cp = charger { id = "FULL1", silent = true }
cp:connect()
cp:boot()
local session = cp:start { id_tag = "FULL", meter_start = 0 }

local function limit(bytes)
  equal(program { "prlimit", "--pid", tostring(server.pid()), "--fsize=" .. bytes .. ":" }, 0)
end

-- No file may grow beyond what the write-ahead log has by now, or little more.
local log_file = assert(io.open(server.folder .. "/busbar.db-wal"))
local size = log_file:seek "end"
log_file:close()
limit(size + 32768)

local answered, failure = 0, nil
for step = 1, 2000 do
  local response, err = cp:call("MeterValues", {
    connectorId = 1,
    transactionId = session.id,
    meterValue = { cp:meter_value { energy_wh = step, timestamp = now(step / 10) } },
  }, { timeout = 20 })
  if not response then
    failure = err
    break
  end
  answered = answered + 1
end
check(failure, "the limit is reached")
equal(failure.code, "InternalError")
check(cp.connected, "the link stays")
check(cp:heartbeat().currentTime, "what needs no storage is answered")

limit "unlimited"
eventually(function()
  return cp:call("MeterValues", {
    connectorId = 1,
    transactionId = session.id,
    meterValue = { cp:meter_value { energy_wh = 99999, timestamp = now(1000) } },
  })
end, 30)
session:stop { meter_stop = 100000 }

local transaction = http.get("/api/admin/transactions?charger=FULL1").body.items[1]
matches(transaction, { state = "completed", energy_wh = 100000 })
local counted, cursor = 0, nil
repeat
  local path = "/api/admin/transactions/" .. transaction.id .. "/meter-values?limit=500"
  local page = http.get(path .. (cursor and "&cursor=" .. escape(cursor) or "")).body
  counted = counted + #page.items
  cursor = page.next_cursor ~= json.null and page.next_cursor or nil
until not cursor
check(counted >= answered + 1, "every answered value is there: " .. counted .. " of " .. answered + 1)
cp:disconnect()

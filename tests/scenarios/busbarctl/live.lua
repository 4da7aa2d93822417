-- What goes on until it is interrupted: a charger's messages, and events.
local ctl = require "ctl"
local done, refused = ctl.done, ctl.refused
http.post("/api/admin/chargers", { charge_point_id = "CP1" })
http.post("/api/admin/tokens", { id_tag = "TAG1" })
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
cp:heartbeat()

local function lines_of(text)
  local lines = {}
  for line in text:gmatch "[^\n]+" do
    lines[#lines + 1] = line
  end
  return lines
end

log "the last messages of a charger, in their order"
eventually(function()
  return #json.decode(done "--json get /api/admin/chargers/1/messages").items == 4
end)
local lines = lines_of(done "tail CP1 --count 4")
equal(#lines, 4)
check(lines[1]:find '^20%d%d%-%d%d%-%d%d [%d:.]+  in   call    BootNotification +chargePoint%a+=%S+ ', lines[1])
check(lines[2]:find "out  result  BootNotification +[%d.]+ ms  status=Accepted currentTime=20", lines[2])
check(lines[3]:find "in   call    Heartbeat *$", lines[3])
equal(lines[1]:find "chargePoint", lines[2]:find "status=", "they stand below one another")
equal(#lines_of(done "tail CP1 action=Heartbeat --count 2"), 2)
matches(json.decode(lines_of(done "--json tail CP1 --count 1")[1]), { charge_point_id = "CP1", action = "BootNotification", direction = "in" })

log "and those that come, over a restart of the server"
local function begin(line)
  local file = server.folder .. "/live." .. line:gsub("%W", "")
  return ctl.begin(line, file)
end
local tail = begin "tail CP1 action=StatusNotification --count 4"
local watch = begin "events kind=connector,transaction charger=CP1 last_event_id=0 --count 3"
cp:status(1, "Preparing")
tail:wait "StatusNotification .* status=Preparing"
watch:wait "connector%.status +CP1/1 +status=Preparing error_code=NoError"
server.config.http.listen = require "net".base:match "[%d.]+:%d+" -- so that both find it again
server.restart()
cp:reconnect()
cp:status(1, "Charging")
local printed = tail:finish()
check(printed:find "status=Charging", printed)
equal(#lines_of(printed:gsub("busbarctl: [^\n]*\n", "")), 4, printed)
cp:start { connector = 1, id_tag = "TAG1", meter_start = 0 }
printed = watch:finish()
equal(#lines_of(printed:gsub("busbarctl: [^\n]*\n", "")), 3, printed)
check(printed:find "\n20%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d  transaction%.started +CP1/1 +transaction_id=1 .*id_tag=TAG1", printed)
check(not printed:find "[{}]", printed)

log "what a charger sends cannot steer a terminal"
cp:send_raw '[2, "m1", "Clear\\u001b[2J", {}]'
tail = begin "tail CP1"
check(not tail:wait("Clear"):find "\27", tail:text())
tail:stop()

log "a message that is committed after one with a higher id is not missed, and none is printed twice"
local function commit(id, name)
  server.sql(("insert into messages (id, operator_id, charge_point_id, direction, kind, action, message_id, payload, correlation_id, at) " ..
    "values (%d, 'default', 'CP1', 'in', 'call', '%s', 'm%d', '{}', 'c%d', '%s')"):format(id, name, id, id, os.date "!%Y-%m-%dT%H:%M:%S.000Z"))
end
tail = begin "tail CP1 --count 13"
tail:wait "Clear"
commit(1000002, "Later")
tail:wait "Later"
commit(1000001, "Earlier")
tail:wait "Earlier"
commit(1000003, "Last")
printed = tail:finish()
for _, name in ipairs { "Later", "Earlier", "Last" } do
  local _, times = printed:gsub("call    " .. name, "")
  equal(times, 1, printed)
end

log "a transaction's meter until it is over, and a command until it has ended"
cp:start({ connector = 1, id_tag = "TAG1", meter_start = 0 })
local session = cp:start { connector = 2, id_tag = "TAG1", meter_start = 0 }
session:meter { energy_wh = 1500 }
local id = http.get("/api/admin/transactions?state=active&connector=2").body.items[1].id
watch = begin("watch " .. id)
watch:wait "^time +meter +power +current +voltage +soc\n20%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d +1%.500 kWh  "
session:meter { energy_wh = 1700 }
watch:wait "\n20[^\n]+ 1%.700 kWh  "
session:stop { meter_stop = 1800 }
printed = watch:finish()
check(printed:find "the transaction is completed", printed)
local command = http.post("/api/admin/chargers/1/commands", { action = "ClearCache", payload = {}, wait_s = 5 }).body
printed = done("events command=" .. command.id)
equal(#lines_of(printed), 3, printed)
check(printed:find "command%.queued.*command%.sent.*command%.ended.*action=ClearCache state=accepted", printed)
equal(done("events last_event_id=999999999 command=" .. command.id), printed, "an id of another life")
server.sql("delete from events; update commands set ended_at = '" .. os.date("!%Y-%m-%dT%H:%M:%S.000Z", os.time() - 3600) .. "'")
equal(done("events command=" .. command.id), "", "there is nothing more")
refused("events command=none", 1, "no such command")

log "what is refused"
refused("watch 999999", 1, "no such transaction")
refused("watch", 2, "TRANSACTION_ID")
refused("tail NONE", 1, "no charger NONE")
refused("tail CP1 --count 0x1", 2, "count 0x1: is no number")
refused("tail CP1 action", 2, "a filter is name=value")
refused("events kind=nonsense", 1, "kind is a list")
refused("--key wrong events", 1, "401")
refused("--url http://127.0.0.1:1 events", 3, "127.0.0.1")

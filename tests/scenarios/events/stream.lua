settings { config = { events = { heartbeat = "1s", streams_per_caller = 12 } } }

-- Events as they happen; a client that comes back has each of them once.
local sse = require "sse"
local station = http.post("/api/admin/stations", { name = "Harbour" }).body.id
local id = http.post("/api/admin/chargers", { charge_point_id = "CP1", station_id = station }).body.id
http.post("/api/admin/tokens", { id_tag = "TAG1", user_id = "anna" })
local cp = charger { id = "CP1" }

local all = sse.open "/api/events"
check(all.head:find "text/event%-stream", all.head)
check(all.head:lower():find "cache%-control: no%-store", all.head)
cp:connect()
cp:boot()
cp:status(1, "Preparing")
local session = cp:start { connector = 1, id_tag = "TAG1", meter_start = 1000 }
cp:status(1, "Charging")
session:meter { energy_wh = 1500 }
session:stop { meter_stop = 2000 }

local first = all:next()
matches(first, { event = "charger", data = { kind = "charger", event = "charger.connected", operator_id = "default", charger_id = id, charge_point_id = "CP1", station_id = station } })
equal(first.data.id, first.id)
equal(all.retry, 2000)
all:expect "charger.booted"
local status = all:expect "connector.status"
matches(status.data, { kind = "connector", connector_id = 1, data = { status = "Preparing" } })
local started = all:expect "transaction.started"
matches(started.data, { kind = "transaction", user_id = "anna", connector_id = 1, data = { id_tag = "TAG1", meter_start_wh = 1000 } })
local ended = all:expect "transaction.ended"
equal(ended.data.transaction_id, started.data.transaction_id)
equal(ended.data.data.energy_wh, 1000)
local last = all:expect "task.done"

log "what was missed, and what is new, each once and in order"
local function ids_from(stream, upto)
  local ids = {}
  repeat
    local event = stream:next()
    ids[#ids + 1] = event.id
  until event.id >= upto
  return ids
end
local again = sse.open("/api/events", { headers = { ["Last-Event-ID"] = first.id } })
local ids = ids_from(again, last.id)
equal(ids[1], first.id + 1)
for i = 2, #ids do
  check(ids[i] > ids[i - 1], "they rise")
end
local function until_status(stream, wanted)
  return stream:find(function(e)
    return e.data.event == "connector.status" and e.data.data.status == wanted
  end)
end
cp:status(1, "Finishing")
equal(until_status(all, "Finishing").id, until_status(again, "Finishing").id)
again:close()

log "the header counts more than the URL, which is that of the first time"
again = sse.open("/api/events?last_event_id=" .. last.id, { headers = { ["Last-Event-ID"] = ended.id - 1 } })
equal(again:next().id, ended.id)
again:close()
again = sse.open("/api/events?last_event_id=" .. (ended.id - 1))
equal(again:next().id, ended.id)
again:close()

log "only what is asked for"
local from = "&last_event_id=" .. first.id - 1
local function first_of(query)
  local stream = sse.open("/api/events?" .. query .. from)
  local event = stream:next()
  stream:close()
  return event.data
end
equal(first_of("kind=connector").event, "connector.status")
equal(first_of("kind=task,transaction").event, "transaction.started")
equal(first_of("charger=CP1&kind=transaction").event, "transaction.started")
equal(first_of("charger=" .. id).event, "charger.connected")
equal(first_of("station=" .. station).event, "charger.connected")
equal(first_of("transaction=" .. started.data.transaction_id).event, "transaction.started")
local other = sse.open("/api/events?charger=CP2" .. from)
equal(other:next(1.5), nil)
check((other.comments or 0) >= 1, "a silent line is kept alive")
cp:status(1, "Preparing")
until_status(all, "Preparing")
equal(other:next(0.3), nil)
other:close()

log "commands from their row to their end"
local commands = sse.open "/api/events?kind=command"
local command = http.post("/api/admin/chargers/" .. id .. "/commands", { action = "ClearCache", payload = {}, wait_s = 5 }).body
for _, event in ipairs { "command.queued", "command.sent", "command.ended" } do
  local e = commands:next()
  matches(e.data, { event = event, command_id = command.id, charge_point_id = "CP1", charger_id = id, data = { action = "ClearCache" } })
end
commands:close()

log "a command's own stream begins with its first event and ends with its last, whenever it is asked for"
local function topics_of(stream)
  local topics = {}
  for event in function() return stream:next() end do
    topics[#topics + 1] = event.data.event
    equal(event.data.command_id, command.id)
  end
  equal(stream:finish(), "ended")
  return table.concat(topics, " ")
end
equal(topics_of(sse.open("/api/events?command=" .. command.id)), "command.queued command.sent command.ended")
local slow = http.post("/api/admin/chargers/" .. id .. "/commands", { action = "GetConfiguration", payload = {}, wait_s = 0 }).body
command = slow
equal(topics_of(sse.open("/api/events?command=" .. slow.id)), "command.queued command.sent command.ended")

log "what cannot be"
local function refused(query, expected, headers)
  local stream, refusal = sse.try("/api/events" .. query, { headers = headers })
  check(not stream, query)
  equal(refusal.status, expected, query)
end
refused("?kind=weather", 400)
refused("?kind=", 400)
refused("?kind=,", 400)
refused("?station=here", 400)
refused("?colour=red", 400)
refused("?last_event_id=-1", 400)
refused("", 400, { ["Last-Event-ID"] = "1; drop" })
equal(http({ method = "HEAD", path = "/api/events" }).status, 200)

log "an id of another life: it is told, and goes on with what is new"
local lost = sse.open "/api/events?last_event_id=999999999"
local gap = lost:next()
equal(gap.event, "gap")
equal(gap.data.after, 999999999)
cp:status(1, "Available")
check(until_status(lost, "Available").id > gap.id)

log "as many as one caller may have, and then no more until one is closed"
local open = {}
while #open < 12 do
  local stream, refusal = sse.try "/api/events"
  if not stream then
    equal(refusal.status, 429)
    check(refusal.head:lower():find "retry%-after: %d", refusal.head)
    break
  end
  open[#open + 1] = stream
end
check(#open < 12, "the others count")
for _, stream in ipairs(open) do
  stream:close()
end
eventually(function()
  local stream = sse.try "/api/events"
  if stream then
    stream:close()
  end
  return stream
end)

log "as many as the node has: that is the node's, not the caller's"
server.reload { events = { streams = 1 } }
local none, full = sse.try "/api/events"
check(not none)
equal(full.status, 503)
check(full.head:lower():find "retry%-after: %d", full.head)
server.reload { events = { streams = 1000 } }

log "the end of the server is the end of the stream, in order"
server.stop()
equal(all:finish(), "ended")
equal(lost:finish(), "ended")

log "and after it all is there again"
server.start()
again = sse.open("/api/events?kind=charger&charger=CP1&last_event_id=" .. ended.id)
equal(again:next().data.event, "charger.disconnected")

-- Streams of commands that have ended: whoever comes back is told so at once, and a browser stays away.
local sse = require "sse"
equal(http.post("/api/admin/operators", { id = "other", name = "Other" }).status, 201)
local charger_id = http.post("/api/admin/chargers", { charge_point_id = "CP1" }).body.id
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
local function key_of(operator, role, user)
  local made = http.post("/api/admin/keys", { name = operator .. role, role = role, operator_id = operator, user_id = user })
  equal(made.status, 201, made.text)
  return made.body.key
end
local driver = key_of("default", "user", "anna")
local function command()
  return http.post("/api/admin/chargers/" .. charger_id .. "/commands", { action = "ClearCache", payload = {}, wait_s = 5 }).body.id
end
local function told(stream)
  local topics, last = {}, nil
  for event in function() return stream:next() end do
    topics[#topics + 1] = event.data.event
    last = event
  end
  equal(stream:finish(), "ended")
  return table.concat(topics, " "), last
end
local all = "command.queued command.sent command.ended"

log "its events, and then nothing more"
local id = command()
local path = "/api/events?command=" .. id
local topics, last = told(sse.open(path))
equal(topics, all)
equal(sse.refused(path, { headers = { ["Last-Event-ID"] = last.mark } }), 204)
equal(sse.refused(path .. "&last_event_id=" .. last.id), 204)
equal(told(sse.open(path .. "&last_event_id=" .. last.id - 1)), "command.ended")
equal(sse.refused(path .. "&last_event_id=" .. last.id, { key = key_of("default", "readonly") }), 204)

log "an id of another life: it is told anew"
equal(told(sse.open(path .. "&last_event_id=999999999")), all)

log "one with a filter that its end does not pass"
equal(told(sse.open(path .. "&kind=connector")), "")

log "who may not know of it, and what there is not"
equal(sse.refused(path, { key = key_of("other", "operator") }), 404)
equal(sse.refused(path, { key = driver }), 404)
equal(sse.refused "/api/events?command=none", 404)
equal(sse.refused "/api/events?command=none&last_event_id=0", 404)

log "a driver who is told of it is told of its end"
server.sql("update events set user_id = 'anna' where command_id = '" .. id .. "'")
equal(told(sse.open(path, { key = driver })), all)
equal(sse.refused(path .. "&last_event_id=" .. last.id, { key = driver }), 204)

log "that it has ended was never written"
cp:status(1, "Preparing")
sse.open("/api/events?last_event_id=0"):expect "connector.status"
server.sql("delete from events where event = 'command.ended'; update commands set ended_at = '" ..
  os.date("!%Y-%m-%dT%H:%M:%S.000Z", os.time() - 3600) .. "'")
equal(sse.refused(path .. "&last_event_id=" .. last.id, { key = driver }), 204)
equal(told(sse.open(path, { key = driver })), "command.queued command.sent")

log "its events are deleted"
server.sql "delete from events"
equal(sse.refused(path), 204)

log "and then the command"
server.sql "delete from commands"
equal(sse.refused(path), 404)

-- How a bulk command goes, as events: not one for each charger, to those who may see it, and with an end.
settings { config = { bulk = { pace = "20ms" } } }
local sse = require "sse"
local bulk = "/api/admin/bulk-commands"
equal(http.post("/api/admin/operators", { id = "other", name = "Other" }).status, 201)
local function key_of(operator, role, user)
  local made = http.post("/api/admin/keys", { name = operator .. role, role = role, operator_id = operator, user_id = user })
  equal(made.status, 201, made.text)
  return made.body.key
end
local readonly, other, driver = key_of("default", "readonly"), key_of("other", "operator"), key_of("default", "user", "anna")
local fleet = {}
for i = 1, 40 do
  local id = ("EV%02d"):format(i)
  seed.charger { charge_point_id = id }
  fleet[i] = charger { id = id, silent = true }
  fleet[i]:connect()
  fleet[i]:boot()
end
for i = 1, 40 do
  fleet[i]:on("ClearCache", function()
    wait(0.1)
    return { status = i == 7 and "Rejected" or "Accepted" }
  end)
end

local function stream_of(id, options)
  return sse.open("/api/events?bulk=" .. id, options)
end

-- All of them until the stream has ended.
local function told(stream)
  local events = {}
  for event in function() return stream:next() end do
    events[#events + 1] = event
  end
  equal(stream:finish(), "ended")
  return events
end

log "as it goes, about once in a second, and when it has ended"
local all, others = sse.open "/api/events?kind=bulk", sse.open("/api/events?kind=bulk", { key = other })
local began = os.time()
local id = http.post(bulk, { action = "ClearCache", selection = { all = true }, at_once = 2 }).body.id
local streams = { stream_of(id), stream_of(id, { key = readonly }) }
local events = told(streams[1])
local first, last = events[1], events[#events]
matches(first, { event = "bulk", data = { event = "bulk.progress", bulk_id = id, operator_id = "default",
  data = { id = id, operator_id = "default", action = "ClearCache", state = "running", total = 40 } } })
matches(last.data, { event = "bulk.ended", bulk_id = id, data = { state = "done", total = 40, counts = { accepted = 39, rejected = 1 } } })
check(#events >= 3 and #events <= os.time() - began + 3, #events .. " events")
for i = 2, #events do
  local counts = events[i].data.data.counts
  local sum = 0
  for _, n in pairs(counts) do
    sum = sum + n
  end
  equal(sum, 40)
end
equal(#told(streams[2]), #events)
for _, event in ipairs(events) do
  equal(all:next().id, event.id)
end

log "afterwards there is nothing more"
local path = "/api/events?bulk=" .. id
equal(sse.refused(path .. "&last_event_id=" .. last.id), 204)
equal(#told(stream_of(id)), #events)

log "whose it is not"
equal(others:next(0.5), nil)
for _, key in ipairs { other, driver } do
  equal(sse.refused(path, { key = key }), 404)
end
equal(sse.refused "/api/events?bulk=none", 404)
equal(sse.refused(path .. "&command=none"), 400)

log "one that is stopped ends when those that were asked are through with it"
fleet[1]:on("ClearCache", function()
  wait(1.5)
  return { status = "Accepted" }
end)
id = http.post(bulk, { action = "ClearCache", selection = { all = true }, at_once = 1 }).body.id
local stopped = stream_of(id)
eventually(function()
  return http.get(bulk .. "/" .. id).body.counts.asked == 1
end)
equal(http.post(bulk .. "/" .. id .. "/stop").body.state, "stopped")
events = told(stopped)
matches(events[#events].data, { event = "bulk.ended", data = { state = "stopped", counts = { accepted = 1, stopped = 39 } } })

log "over a restart"
fleet[1]:on("ClearCache", { status = "Accepted" })
fleet[2]:disconnect()
id = http.post(bulk, { action = "ClearCache", selection = { charge_point_ids = { "EV01", "EV02" } }, if_offline = "queue" }).body.id
local before = stream_of(id):find(function(e)
  return e.data.data.counts.accepted == 1
end)
server.kill()
server.start()
fleet[2]:reconnect()
fleet[2]:boot()
local after = sse.open("/api/events?bulk=" .. id, { headers = { ["Last-Event-ID"] = before.mark } })
events = told(after)
matches(events[#events].data, { event = "bulk.ended", data = { state = "done", counts = { accepted = 2 } } })

log "that it has ended was never written"
fleet[2]:status(1, "Preparing")
sse.open("/api/events?last_event_id=0"):expect "connector.status"
server.sql("delete from events where event = 'bulk.ended'; update bulk_commands set settled_at = '" ..
  os.date("!%Y-%m-%dT%H:%M:%S.000Z", os.time() - 3600) .. "'")
equal(sse.refused("/api/events?bulk=" .. id .. "&last_event_id=" .. events[#events].id), 204)

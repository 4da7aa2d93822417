-- Killed again and again while sessions end: every event arrives, in its order, and is one event. A receiver that is never well
-- again is left alone, and its operator is told.
settings { config = { notifications = { timeout = "1s", backoff = "100ms", longest_backoff = "200ms", disable_after = "1s" }, transfer = { allow = "127.0.0.1" } } }

local SESSIONS, KILLS = 60, 6
local broken = true
local receiver = http_server {
  answer = function(request)
    if request.path == "/broken" and broken then
      return { status = 503 }
    end
  end,
}
local function subscribe(path, events)
  return http.post("/api/admin/subscriptions", { channel = "webhook", target = receiver.url .. path, events = events }).body
end
subscribe("/all", { "session.started", "session.stopped" })
local bad = subscribe("/broken", { "session.started" })
subscribe("/notices", { "subscription.disabled" })
seed.charger { charge_point_id = "KILL-1" }
seed.token "KILL-TAG"
local cp = charger { id = "KILL-1", silent = true }
cp:connect()
cp:boot()
for i = 1, SESSIONS do
  local session = cp:start { connector = 1, id_tag = "KILL-TAG", meter_start = i * 100 }
  session:stop { meter_stop = i * 100 + 50 }
  if i % (SESSIONS // KILLS) == 0 then
    server.kill()
    server.start()
    cp:wait_closed()
    cp:reconnect(30)
    cp:boot()
  end
end

-- By the events' ids, as a receiver that knows its repetitions.
local function distinct()
  local list, seen = {}, {}
  for _, request in ipairs(receiver:got "/all") do
    if not seen[request.json.id] then
      seen[request.json.id] = true
      list[#list + 1] = request.json
    end
  end
  return list
end
local list = eventually(function()
  local l = distinct()
  return #l >= 2 * SESSIONS and l
end, 60)
equal(#list, 2 * SESSIONS)
local facts = {}
for i, event in ipairs(list) do
  local key = event.event .. event.data.transaction_id
  check(not facts[key], key .. " is two events")
  facts[key] = true
  equal(event.event, i % 2 == 1 and "session.started" or "session.stopped")
  equal(event.data.transaction_id, list[i + i % 2].data.transaction_id)
  check(i < 2 or event.at >= list[i - 1].at)
end

log "one that does nothing but fail is switched off"
local off = eventually(function()
  local s = http.get("/api/admin/subscriptions/" .. bad.id).body
  return not s.active and s
end)
check(off.disabled_reason:find "it has failed since .*: it answered with status 503", off.disabled_reason)
local notice = eventually(function()
  return receiver:got("/notices")[1]
end)
matches(notice.json, { event = "subscription.disabled", data = { subscription_id = bad.id, error = "it answered with status 503" } })
local waiting = #http.get("/api/admin/deliveries?state=waiting&limit=500&subscription_id=" .. bad.id).body.items
check(waiting > 0)
broken = false
equal(http.put("/api/admin/subscriptions/" .. bad.id, { active = true }).body.active, true)
eventually(function()
  return #http.get("/api/admin/deliveries?state=waiting&subscription_id=" .. bad.id).body.items == 0
end)

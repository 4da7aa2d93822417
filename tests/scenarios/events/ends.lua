-- The ends of a stream that its client did not choose; and a server that is killed.
settings { config = { http = { timeout = "10m", min_rate = 0 }, events = { heartbeat = "1s", behind = 16 }, users = { scrypt_log_n = require "signing_in".cheap } } }
local sse = require "sse"
http.post("/api/admin/chargers", { charge_point_id = "CP1" })
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()

log "a key that is deleted, one that expires, a session that ends"
local deleted = http.post("/api/admin/keys", { name = "deleted", role = "operator", operator_id = "default" }).body
local expiring = http.post("/api/admin/keys", { name = "expiring", role = "operator", operator_id = "default",
  expires_at = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 8) }).body
equal(http.post("/api/admin/users", { id = "anna", name = "Anna", role = "operator", operator_id = "default", email = "anna@example.org",
  password = "correct horse battery" }).status, 201)
local browser = require "signing_in".browser()
equal(browser.login({ email = "anna@example.org", password = "correct horse battery" }).status, 200)
local streams = { sse.open("/api/events", { key = deleted.key }), sse.open("/api/events", { key = expiring.key }),
  sse.open("/api/events", { key = false, headers = { Cookie = browser.cookie } }) }
equal(http.delete("/api/admin/keys/" .. deleted.id).status, 204)
equal(browser.call("POST", "/auth/logout").status, 204)
for _, stream in ipairs(streams) do
  equal(stream:finish(), "ended")
end
local stream, refusal = sse.try("/api/events", { key = deleted.key })
check(not stream)
equal(refusal.status, 401)

log "a session's stream beside a proxy's password goes on, and keeps no session awake"
equal(browser.login({ email = "anna@example.org", password = "correct horse battery" }).status, 200)
local kept = sse.open("/api/events", { key = false, headers = { Cookie = browser.cookie, Authorization = "Basic cHJveHk6cGFzcw==" } })
local seen_at = os.date("!%Y-%m-%dT%H:%M:%S.000Z", os.time() - 3600)
server.sql("update user_sessions set last_seen_at = '" .. seen_at .. "'")
equal(kept:next(7), nil) -- the caller is asked for every five seconds
cp:status(1, "Preparing")
kept:expect "connector.status"
kept:close()
local seen = server.sql_value "select last_seen_at from user_sessions"
equal(seen:sub(1, 10) .. "T" .. seen:sub(12, 19), seen_at:sub(1, 19))

log "who does not take what comes is cut off, and others are not"
local quick, count, told = sse.open "/api/events?kind=connector", 0, 0
local deaf = require "deaf_client" "/api/events"
check(deaf.is_served())
repeat
  for _ = 1, 100 do
    cp:status(1, count % 2 == 0 and "Available" or "Preparing")
    count = count + 1
  end
  check(count < 20000, "it is buffered without end")
until server.log():find("does not take its events", 1, true)
eventually(function()
  return not deaf.is_served()
end)
quick:find(function()
  told = told + 1
  return told == count
end)
quick:close()

log "killed: what was told is told once, and what comes then is told, too"
local last
local first = sse.open "/api/events?last_event_id=0&kind=charger"
last = first:expect "charger.booted"
cp:status(1, "Faulted")
local faulted = sse.open("/api/events?kind=connector&last_event_id=" .. last.id):find(function(e)
  return e.data.data.status == "Faulted"
end)
server.kill()
server.start()
cp:reconnect()
cp:status(1, "Unavailable")
local after = sse.open("/api/events", { headers = { ["Last-Event-ID"] = tostring(faulted.id) } })
local seen = faulted.id
after:find(function(e)
  check(e.id > seen, "they rise")
  seen = e.id
  check(e.data.data.status ~= "Faulted", "once")
  return e.data.event == "connector.status" and e.data.data.status == "Unavailable"
end)

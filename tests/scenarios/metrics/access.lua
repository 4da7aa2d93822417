-- Who may read the figures: with a key, and from where without one.
local figures = require "figures"

local function key_of(fields)
  fields.name = "of " .. fields.role
  return http.post("/api/admin/keys", fields).body.key
end

local function status(key, headers)
  return http { method = "GET", path = "/metrics", key = key, headers = headers }.status
end

log "they are of all operators: keys of one see none"
equal(status(false), 401)
equal(status "bb_nonsense", 401)
equal(status(key_of { role = "admin" }), 200)
equal(status(key_of { role = "readonly" }), 200)
equal(status(key_of { role = "readonly", operator_id = "default" }), 403)
equal(status(key_of { role = "operator" }), 403)
equal(status(key_of { role = "user", user_id = "anna" }), 403)
equal(http { method = "POST", path = "/metrics", body = "{}" }.status, 405)
local head = http { method = "HEAD", path = "/metrics" }
equal({ head.status, head.text }, { 200, "" })

log "no key from the addresses of metrics.public, but through no proxy"
server.reload { metrics = { public = "10.0.0.0/8 192.168.1.1" } }
equal(status(false), 401)
server.reload { metrics = { public = "10.0.0.0/8 127.0.0.0/8" } }
figures.get { key = false }
equal(http { method = "HEAD", path = "/metrics", key = false }.status, 200)
for _, name in ipairs { "X-Forwarded-For", "Forwarded", "Via", "X-Real-IP" } do
  equal(status(false, { [name] = "10.0.0.7" }), 401, name)
end
equal(status(key_of { role = "operator" }), 200, "a key does not make it worse")
equal(http.get("/api/admin/chargers", nil, { key = false }).status, 401, "nothing else is public")
equal(http.get("/metrics/more", nil, { key = false }).status, 404)
equal(http { method = "POST", path = "/metrics", body = "{}", key = false }.status, 405)

log "a list that is none is refused"
local before = #server.log()
server.config.metrics = { public = "127.0.0.1 localhost" }
server.write_config()
server.signal "HUP"
eventually(function()
  return server.log():sub(before + 1):find "reload refused"
end)
check(server.log():sub(before + 1):find('metrics.public: "localhost" is neither an address nor a network', 1, true) or
  server.log():sub(before + 1):find 'metrics.public: \\"localhost\\" is neither', server.log():sub(before + 1))
equal(status(false), 200, "the old list is in force")
server.stop()
check(server.start_failing() ~= 0)
server.config.metrics = { public = "" }
server.start()
equal(status(false), 401)

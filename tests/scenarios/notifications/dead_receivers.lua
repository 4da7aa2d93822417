-- A receiver that never answers has most of the subscriptions: it has its share of the deliveries on their way, and no more.
settings { config = { notifications = { at_once = "4", timeout = "5s", backoff = "60s", disable_after = "0" }, transfer = { allow = "127.0.0.1" } } }
local function dead_server()
  return http_server {
    answer = function(request)
      request.taken = true
      request.socket:wait_closed(60)
    end,
  }
end
local dead = dead_server()
local well = http_server {}
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
local other = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key

local function subscribe(target, key)
  local made = http.post("/api/admin/subscriptions", { channel = "webhook", target = target, events = { "task.dead" } }, { key = key })
  equal(made.status, 201, made.text)
  return made.body.id
end
local function test(id, key)
  local answer = http.post("/api/admin/subscriptions/" .. id .. "/test", nil, { key = key })
  equal(answer.status, 202, answer.text)
end

log "others of the operator's, and another operator's, are told meanwhile"
for i = 1, 40 do test(subscribe(dead.url .. "/" .. i)) end
eventually(function()
  return #dead.requests > 0
end)
test(subscribe(well.url .. "/mine"))
test(subscribe(well.url .. "/theirs", other), other)
eventually(function()
  return #well:got "/mine" == 1 and #well:got "/theirs" == 1
end, 4)
equal(#dead.requests, 1, "a quarter of four")

log "hosts that do not answer, as many as there are places: another operator gets the first that is free"
for _ = 1, 4 do
  local one = dead_server()
  for i = 1, 10 do test(subscribe(one.url .. "/" .. i)) end
end
eventually(function()
  return #http.get("/api/admin/deliveries?state=waiting&limit=100").body.items >= 70
end)
test(subscribe(well.url .. "/second", other), other)
eventually(function()
  return #well:got "/second" == 1
end, 8)

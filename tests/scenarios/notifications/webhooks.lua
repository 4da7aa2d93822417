-- Webhooks: signed, in order, tried again, given up, sent once more; the secret is replaced with an overlap.
settings { config = { notifications = { backoff = "200ms", longest_backoff = "400ms", tries = 4 }, transfer = { allow = "127.0.0.1" } } }

local broken = {}
local receiver = http_server {
  answer = function(request)
    if broken[request.path] then
      return { status = 500, body = "not now" }
    end
  end,
}
local function subscribe(path, events, more)
  local body = { channel = "webhook", target = receiver.url .. path, events = events }
  for key, value in pairs(more or {}) do
    body[key] = value
  end
  local made = http.post("/api/admin/subscriptions", body)
  equal(made.status, 201, made.text)
  return made.body
end
local function got(path, count)
  return eventually(function()
    local list = receiver:got(path)
    return #list >= count and list
  end)
end
local function deliveries(query)
  return http.get("/api/admin/deliveries?" .. query).body.items
end

-- What a receiver does to be sure (docs/notifications.md says the same in other languages).
local function signed_by(request, secret)
  local at = request.headers["busbar-signature"]:match "t=(%d+)"
  local wanted = crypto.hmac(secret, at .. "." .. request.body)
  for found in request.headers["busbar-signature"]:gmatch "v1=(%x+)" do
    if found == wanted then
      return math.abs(request.at / 1000 - tonumber(at)) < 300
    end
  end
end

log "a session, as events in their order"
local all = subscribe("/all", { "session.*" })
local some = subscribe("/some", { "session.stopped" }, { filter = { charge_point_id = { "WEB-1", "WEB-9" } } })
local none = subscribe("/none", { "*" }, { filter = { charge_point_id = "WEB-9" } })
seed.charger { charge_point_id = "WEB-1" }
seed.token "WEB-TAG"
local cp = charger { id = "WEB-1" }
cp:connect()
cp:boot()
local function charge(meter_start)
  local session = cp:start { connector = 1, id_tag = "WEB-TAG", meter_start = meter_start }
  session:stop { meter_stop = meter_start + 2500 }
end
charge(1000)
local list = got("/all", 2)
local first, second = list[1], list[2]
equal(first.method, "POST")
equal(first.headers["content-type"], "application/json")
equal(first.headers["busbar-event"], "session.started")
matches(first.json, { event = "session.started", operator_id = "default", test = false,
  data = { charge_point_id = "WEB-1", connector_id = 1, id_tag = "WEB-TAG" } })
equal(first.headers["busbar-event-id"], first.json.id)
matches(second.json, { event = "session.stopped", data = { energy_wh = 2500, transaction_id = first.json.data.transaction_id } })
check(signed_by(first, all.secret) and signed_by(second, all.secret))
check(not signed_by(first, some.secret))
matches(got("/some", 1)[1].json, { event = "session.stopped", id = second.json.id })

log "what fails holds back what is behind it, for that subscriber only"
broken["/all"] = true
charge(5000)
got("/some", 2)
list = got("/all", 4)
equal(list[3].json.event, "session.started")
equal(list[4].json.id, list[3].json.id)
check(list[4].at - list[3].at >= 190, "the pause")
broken["/all"] = false
list = eventually(function()
  local l = receiver:got "/all"
  return l[#l].json.event == "session.stopped" and l
end)
equal(list[#list - 1].json.event, "session.started")
equal(list[#list - 1].json.id, list[3].json.id)

log "the log of a delivery"
local found = eventually(function()
  local items = deliveries("subscription_id=" .. all.id)
  return items[1].state == "delivered" and items
end)
equal(#found, 4)
matches(found[1], { event = "session.stopped", state = "delivered", status = 200, tries = 1, channel = "webhook" })
local one = http.get("/api/admin/deliveries/" .. found[2].id).body
equal(one.state, "delivered")
equal(#one.attempts, one.tries)
matches(one.attempts[1], { status = 200, error = json.null })
matches(one.attempts[2], { status = 500, error = "it answered with status 500" })
check(one.attempts[1].latency_ms >= 0)

log "given up, and sent once more"
broken["/all"] = true
charge(9000)
local dead = eventually(function()
  local items = deliveries("state=dead")
  return #items == 2 and items
end)
matches(dead[1], { event = "session.stopped", tries = 4, error = "it answered with status 500" })
broken["/all"] = false
local count = #receiver:got "/all"
equal(http.post("/api/admin/deliveries/" .. dead[1].id .. "/redeliver").status, 202)
equal(got("/all", count + 1)[count + 1].json.id, dead[1].event_id)
eventually(function()
  return #deliveries("state=dead") == 1
end)

log "a new secret: for a while both sign"
local rotated = http.post("/api/admin/subscriptions/" .. all.id .. "/rotate-secret", { overlap_s = 2 })
equal(rotated.status, 200)
check(rotated.body.secret ~= all.secret)
count = #receiver:got "/all"
equal(http.post("/api/admin/subscriptions/" .. all.id .. "/test").status, 202)
local test = got("/all", count + 1)[count + 1]
matches(test.json, { event = "test", test = true })
check(signed_by(test, rotated.body.secret) and signed_by(test, all.secret))
wait(2.1)
http.post("/api/admin/subscriptions/" .. all.id .. "/test")
test = got("/all", count + 2)[count + 2]
check(signed_by(test, rotated.body.secret))
check(not signed_by(test, all.secret))

log "secrets are shown once"
check(not http.get("/api/admin/subscriptions/" .. all.id).text:find(rotated.body.secret, 1, true))
check(not http.get("/api/admin/audit").text:find(rotated.body.secret, 1, true))
check(not http.get("/api/admin/audit").text:find(all.secret, 1, true))
check(not server.log():find(rotated.body.secret, 1, true))

equal(#receiver:got "/none", 0)

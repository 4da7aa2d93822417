-- /api/admin/webhooks is the subscriptions of that channel, by the same ids, and nothing of other channels.
settings { config = { transfer = { allow = "127.0.0.1" } } }
local PATH = "/api/admin/webhooks"
local receiver = http_server { answer = function() return { status = 200 } end }

local mail = http.post("/api/admin/subscriptions", { channel = "email", target = "a@example.org", events = { "*" } }).body
local made = http.post(PATH, { target = receiver.url .. "/hook", events = { "session.*" }, secret = "whsec_0123456789abcdef" })
equal(made.status, 201, made.text)
equal(made.headers.location, PATH .. "/" .. made.body.id)
matches(made.body, { channel = "webhook", secret = "whsec_0123456789abcdef", active = true })
local one = PATH .. "/" .. made.body.id
check(http.post(PATH, { target = receiver.url, events = { "*" } }).body.secret:find "^whsec_", "a secret is made up")

log "what is malformed"
for path, body in pairs {
  channel = { channel = "email", target = receiver.url, events = { "*" } }, target = { target = "ops@example.org", events = { "*" } },
  events = { target = receiver.url }, url = { url = receiver.url, target = receiver.url, events = { "*" } },
} do
  local answer = http.post(PATH, body)
  equal(answer.status, 422, path)
  equal(answer.body.errors[1].path, path)
end
equal(http.get(PATH .. "?channel=email").status, 400)

log "one thing by two paths"
local list = http.get(PATH).body.items
equal(#list, 2)
equal(#http.get("/api/admin/subscriptions").body.items, 3)
equal(show(http.get(one).body), show(http.get("/api/admin/subscriptions/" .. made.body.id).body))
equal(http.get(one).body.secret, nil)
local etag = http.get(one).headers.etag
equal(http.put(one, { name = "ERP" }, { headers = { ["If-Match"] = etag } }).body.name, "ERP")
equal(http.put(one, { name = "Old" }, { headers = { ["If-Match"] = etag } }).status, 412)

log "a mail is none"
for _, request in ipairs {
  { "GET", "" }, { "PUT", "", { name = "x" } }, { "DELETE", "" }, { "POST", "/test" }, { "POST", "/rotate-secret" }, { "GET", "/deliveries" },
} do
  local answer = http { method = request[1], path = PATH .. "/" .. mail.id .. request[2], body = request[3] }
  equal(answer.status, 404, request[1] .. request[2])
  equal(answer.body.detail, "there is no such webhook")
end

log "deliveries, and a new secret"
local delivery = http.post(one .. "/test", {})
equal(delivery.status, 202)
http.post(PATH .. "/" .. list[2].id .. "/test", {})
eventually(function()
  return #receiver:got "/hook" == 1
end)
local sent = eventually(function()
  local items = http.get(one .. "/deliveries?state=delivered").body.items
  return #items > 0 and items
end)
equal(#sent, 1)
matches(sent[1], { id = delivery.body.delivery_id, subscription_id = made.body.id, event = "test" })
equal(#http.get(one .. "/deliveries?event=session.stopped").body.items, 0)
equal(http.get(one .. "/deliveries?limit=0").status, 400)
check(http.get(one .. "/deliveries?format=csv").text:find(",test,", 1, true))
check(http.post(one .. "/rotate-secret", {}).body.secret ~= made.body.secret)

log "and its end"
equal(http.delete(one).status, 204)
equal(http.get(one .. "/deliveries").status, 404)
equal(http.get("/api/admin/subscriptions/" .. made.body.id).status, 404)
equal(http.get("/api/admin/subscriptions/" .. mail.id).status, 200)

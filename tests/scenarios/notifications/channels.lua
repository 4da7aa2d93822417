-- Text messages and pushes by an operator's provider, own words, and the hook `notify`.
settings { config = { notifications = { backoff = "200ms", longest_backoff = "200ms", tries = 2 }, transfer = { allow = "127.0.0.1" } } }

local answer_with = 200
local provider = http_server {
  answer = function()
    return { status = answer_with }
  end,
}
local function put(path, body, status)
  local answer = http.put(path, body)
  equal(answer.status, status or 200, answer.text)
  return answer.body
end
local function subscribe(channel, target, language)
  return http.post("/api/admin/subscriptions", { channel = channel, target = target, events = { "session.stopped" }, language = language }).body
end
local function test(subscription)
  local count = #provider.requests
  local id = http.post("/api/admin/subscriptions/" .. subscription.id .. "/test").body.delivery_id
  local d = eventually(function()
    local now = http.get("/api/admin/deliveries/" .. id).body
    return now.state ~= "waiting" and now
  end)
  return d, provider.requests[count + 1]
end

log "without a gateway"
local sms = subscribe("sms", "+49 170 1/2&3")
matches(test(sms), { state = "dead", error = "the operator has no gateway for sms" })

log "the request is made of the operator's texts"
put("/api/admin/notification-gateways/sms", {
  url = provider.url .. "/send?to={{target}}&k=1",
  headers = { Authorization = "Bearer {{secret}}" },
  body = '{"text": "{{text}}", "from": "{{operator}}"}',
  secret = "provider-key",
})
server.sql "update operators set name = 'Power \"Plus\" Ltd' where id = 'default';"
local d, request = test(sms)
equal(d.state, "delivered")
equal(request.method, "POST")
equal(request.path, "/send?to=%2B49%20170%201%2F2%263&k=1")
equal(request.headers.authorization, "Bearer provider-key")
equal(request.headers["content-type"], "application/json")
matches(request.json, { text = "This is a test. Notifications reach you.\n\nPower \"Plus\" Ltd\n", from = "Power \"Plus\" Ltd" })
local shown = http.get "/api/admin/notification-gateways/sms"
matches(shown.body, { has_secret = true, method = "POST", body_type = "json", headers = { Authorization = "Bearer {{secret}}" } })
check(not shown.text:find("provider-key", 1, true))
check(not http.get("/api/admin/audit").text:find("provider-key", 1, true))
-- What a PUT does not name stays as it was, the secret as well.
local etag = shown.headers.etag
matches(put("/api/admin/notification-gateways/sms", { method = "PUT" }), { method = "PUT", url = shown.body.url, body = shown.body.body,
  headers = shown.body.headers, has_secret = true })
equal(http.put("/api/admin/notification-gateways/sms", { method = "GET" }, { headers = { ["If-Match"] = etag } }).status, 412)
matches(put("/api/admin/notification-gateways/sms", { body = json.null, secret = json.null }), { body = json.null, has_secret = false })
put("/api/admin/notification-gateways/sms", { secret = "provider-key" })
put("/api/admin/notification-gateways/sms", { method = "POST", url = provider.url .. "/form", body = "to={{target}}&text={{text}}", body_type = "form",
  headers = { ["X-Key"] = "{{secret}}" } })
d, request = test(sms)
equal(request.headers["x-key"], "provider-key")
equal(request.headers["content-type"], "application/x-www-form-urlencoded")
equal(request.body, "to=%2B49%20170%201%2F2%263&text=This%20is%20a%20test.%20Notifications%20reach%20you.%0A%0APower%20%22Plus%22%20Ltd%0A")
for _, bad in ipairs {
  { url = "ftp://x/" }, { url = "https://x/{{nobody}}" }, { url = "https://x/", body = "{{text" },
  { url = "https://x/", headers = { A = "{{x}}" } }, { url = "https://x/", headers = { A = 5 } }, { url = "https://x/", body_type = "xml" }, { body = "{{x}}" },
  { url = "https://x/\r\nA: 1" }, { url = "https://x/", headers = { A = "1\r\nB: 2" } }, { url = "https://x/", headers = { ["A\r\nB"] = "1" } },
  { url = "https://x/", headers = { Host = "y" } }, { url = "https://x/", headers = { ["content-length"] = "1" } },
  { url = "https://x/", headers = { ["A B"] = "1" } },
} do
  equal(http.put("/api/admin/notification-gateways/sms", bad).status, 422)
end
equal(http.put("/api/admin/notification-gateways/fax", { url = "https://x/" }).status, 404)
answer_with = 402
matches(test(sms), { state = "dead", status = 402, tries = 2, error = "it answered with status 402" })
answer_with = 200

log "pushes have a gateway of their own"
matches(http.put("/api/admin/notification-gateways/push", { body = "x" }), { status = 422, body = { errors = { { path = "url", rule = "is missing" } } } })
put("/api/admin/notification-gateways/push", { url = provider.url .. "/push", body = '{"to":"{{target}}","title":"{{subject}}","body":"{{text}}"}' })
local push = subscribe("push", "device-1", "de")
d, request = test(push)
matches(request.json, { to = "device-1", title = "Ein Test" })

log "own words"
equal(http.put("/api/admin/notification-templates/de", { source = "function render(n" }).status, 422)
equal(http.put("/api/admin/notification-templates/german", { source = "x = 1" }).status, 404)
put("/api/admin/notification-templates/de", { source = [[
function render(n)
  if n.event == "test" then
    return { subject = "Eigenes", text = n.channel .. " an " .. n.target .. " von " .. n.operator.id }
  end
end]] })
d, request = test(push)
matches(request.json, { title = "Eigenes", body = "push an device-1 von default" })
equal(put("/api/admin/notification-templates/de", { source = "function render(n) error 'no' end" }).version, 2)
d, request = test(push)
matches(request.json, { title = "Ein Test" })
check(server.log():find "template de of operator default failed")
equal(#http.get("/api/admin/notification-templates").body.items, 1)
equal(http.delete("/api/admin/notification-templates/de").status, 204)
equal(http.get("/api/admin/notification-templates/de").status, 404)

log "a script has the last word"
local hook = server.write_file("notify.lua", [[
function notify(n)
  if n.channel == "sms" then
    return { suppress = true }
  elseif n.channel == "webhook" then
    return { data = { only = n.event } }
  elseif n.target == "device-2" then
    error "broken"
  end
  return { text = n.text .. "!" }
end]])
server.reload { scripts = { { hook = "notify", file = hook } } }
matches(test(sms), { state = "suppressed" })
d, request = test(push)
check(request.json.body:find "!$")
d, request = test(subscribe("push", "device-2"))
matches(request.json, { title = "A test" })
d, request = test(subscribe("webhook", provider.url .. "/hook"))
matches(request.json.data, { only = "test" })

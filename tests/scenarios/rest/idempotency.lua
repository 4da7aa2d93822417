-- A POST that is sent again under its Idempotency-Key is not done again.
local function post(path, body, key, options)
  options = options or {}
  options.headers = { ["Idempotency-Key"] = key }
  return http.post(path, body, options)
end
local first = post("/api/admin/chargers", { charge_point_id = "CP1" }, "a")
equal(first.status, 201)
local again = post("/api/admin/chargers", { charge_point_id = "CP1" }, "a")
equal(again.status, 201)
equal(again.body, first.body)
equal(again.headers["idempotent-replay"], "true")
for _, name in ipairs { "location", "etag" } do
  check(first.headers[name], name)
  equal(again.headers[name], first.headers[name])
end

log "the key belongs to that request"
equal(post("/api/admin/chargers", { charge_point_id = "CP2" }, "a").status, 422)
equal(post("/api/admin/tokens", { id_tag = "T" }, "a").status, 422)
equal(post("/api/admin/chargers", { charge_point_id = "CP1" }, "b").status, 409)

log "a failure gives it back"
equal(post("/api/admin/chargers", { charge_point_id = "" }, "c").status, 422)
equal(post("/api/admin/chargers", { charge_point_id = "CP3" }, "c").status, 201)

log "another caller's is another"
local other = http.post("/api/admin/keys", { name = "other", role = "operator" }).body.key
equal(post("/api/admin/chargers", { charge_point_id = "CP4" }, "a", { key = other }).status, 201)

log "a secret is not given twice"
local made = post("/api/admin/keys", { name = "x", role = "readonly" }, "k")
equal(made.status, 201)
equal(post("/api/admin/keys", { name = "x", role = "readonly" }, "k").status, 409)
local hook = { target = "https://example.com/", events = { "*" } }
equal(post("/api/admin/webhooks", hook, "h").status, 201)
matches(post("/api/admin/webhooks", hook, "h"), { status = 409, body = { detail = function(text) return text:find "given once" end } })
equal(#http.get("/api/admin/webhooks").body.items, 1)

log "it is remembered over a restart"
server.restart()
equal(post("/api/admin/chargers", { charge_point_id = "CP1" }, "a").body, first.body)
equal(post("/api/admin/chargers", { charge_point_id = "CP9" }, ("k"):rep(256)).status, 400)

settings { config = { rest = { per_key = 30 } } }

-- A key that asks too often is told to wait; others are not.
local busy = http.post("/api/admin/keys", { name = "busy", role = "readonly" }).body.key
local refused
for _ = 1, 60 do
  local answer = http.get("/auth/profile", nil, { key = busy })
  if answer.status == 429 then
    refused = answer
    break
  end
  equal(answer.status, 200)
end
check(refused, "there is a limit")
check(tonumber(refused.headers["retry-after"]) >= 1)
equal(refused.headers["content-type"], "application/problem+json")
equal(http.get("/auth/profile").status, 200)

log "the same for an address"
server.reload { rest = { per_key = 0, per_address = 20 } }
local statuses = {}
for _ = 1, 40 do
  statuses[http.get("/health", nil, { key = false }).status] = true
end
check(statuses[200] and statuses[429])

log "preflights count like everything else"
server.reload { rest = { per_key = 0, per_address = 20, cors_origins = "https://console.example" } }
statuses = {}
local last
for _ = 1, 40 do
  local answer = http { method = "OPTIONS", path = "/api/admin/chargers", key = false,
    headers = { Origin = "https://console.example", ["Access-Control-Request-Method"] = "POST" } }
  statuses[answer.status] = true
  last = answer.status == 429 and answer or last
end
check(statuses[429], "there is a limit")
equal(last.headers["access-control-allow-origin"], "https://console.example", "its page may read why")

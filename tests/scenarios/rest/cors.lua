settings { config = { rest = { cors_origins = "https://console.example https://b.example" } } }

-- Pages of the named origins may call; others get no permission.
local function preflight(origin)
  return http { method = "OPTIONS", path = "/api/admin/chargers", key = false,
    headers = { Origin = origin, ["Access-Control-Request-Method"] = "POST" } }
end
local good = preflight "https://console.example"
equal(good.status, 204)
equal(good.headers["access-control-allow-origin"], "https://console.example")
check(good.headers["access-control-allow-methods"]:find "PUT")
check(good.headers["access-control-allow-headers"]:find "authorization")
for _, origin in ipairs { "https://evil.example", "https://console.example.evil", "https://b", "null" } do
  equal(preflight(origin).headers["access-control-allow-origin"], nil, origin)
end
local answer = http.get("/api/admin/chargers", nil, { headers = { Origin = "https://b.example" } })
equal(answer.status, 200)
equal(answer.headers["access-control-allow-origin"], "https://b.example")
equal(answer.headers.vary, "origin")
local refused = http.get("/api/admin/chargers", nil, { key = false, headers = { Origin = "https://b.example" } })
equal(refused.status, 401)
equal(refused.headers["access-control-allow-origin"], "https://b.example")

log "cookies are for origins that are named, and only if that is allowed"
equal(answer.headers["access-control-allow-credentials"], nil)
equal(http.get("/health").headers.vary, "origin", "an answer without an origin is no other's")
server.reload { rest = { cors_origins = "https://b.example *", cors_credentials = true } }
equal(preflight("https://b.example").headers["access-control-allow-credentials"], "true")
check(preflight("https://b.example").headers["access-control-allow-headers"]:find "x%-csrf%-token")
local anybody = preflight("https://evil.example")
equal(anybody.headers["access-control-allow-origin"], "https://evil.example")
equal(anybody.headers["access-control-allow-credentials"], nil)
equal(preflight("*").headers["access-control-allow-credentials"], nil)
server.reload { rest = { cors_origins = "" } }
equal(preflight("https://b.example").headers["access-control-allow-origin"], nil)

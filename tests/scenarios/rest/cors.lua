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

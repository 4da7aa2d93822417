settings { tls = true }

-- What browsers are told about answers: found, refused, public, private.
local function told(answer)
  equal(answer.headers["x-content-type-options"], "nosniff")
  equal(answer.headers["x-frame-options"], "DENY")
  equal(answer.headers["referrer-policy"], "no-referrer")
  local policy = answer.headers["content-security-policy"]
  check(policy:find "default%-src 'none'" and policy:find "frame%-ancestors 'none'", policy)
  return answer
end
for path, status in pairs { ["/api/admin/chargers"] = 200, ["/api/admin/chargers/9"] = 404, ["/auth/profile"] = 200, ["/api/admin/tokens?colour=red"] = 400 } do
  local answer = told(http.get(path))
  equal(answer.status, status)
  equal(answer.headers["cache-control"], "no-store", path)
end
local refused = told(http.get("/api/admin/chargers", nil, { key = false }))
equal(refused.status, 401)
equal(refused.headers["cache-control"], "no-store")
for _, path in ipairs { "/health", "/docs", "/openapi.json" } do
  equal(told(http.get(path, nil, { key = false })).headers["cache-control"], nil, path)
end
equal(told(http.get "/nothing").status, 404)
equal(told(http { method = "PATCH", path = "/api/admin/chargers" }).status, 405)

log "over plain HTTP nothing is promised of TLS"
server.reload { rest = { hsts = "180d" } }
equal(http.get("/health").headers["strict-transport-security"], nil)

log "over TLS it is, as configured"
equal(http.get(server.tls_base .. "/health").headers["strict-transport-security"], "max-age=15552000")
server.reload { rest = { hsts = "0" } }
equal(http.get(server.tls_base .. "/health").headers["strict-transport-security"], nil)

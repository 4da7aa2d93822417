settings { own_cluster = true, config = { chargers = { refresh = "200ms" } } }

-- While the database is away, REST says so at once and changes nothing; chargers that are known
-- may connect, nobody is authorized; afterwards all goes on by itself.
seed.charger { charge_point_id = "CP1", password = "correct horse" }
seed.token "TAG1"
local cp = charger { id = "CP1", password = "correct horse" }
cp:connect()
cp:boot()

server.database.stop()
eventually(function()
  local health = http.get("/health", nil, { key = false })
  return health.status == 503 and matches(health.body, { status = "degraded", storage = "away", connections = 1 })
end)
for _, request in ipairs {
  { "GET", "/api/admin/chargers" }, { "GET", "/auth/profile" }, { "POST", "/api/admin/tokens", { id_tag = "TAG2" } },
  { "POST", "/api/admin/bootstrap" },
} do
  local answer = http { method = request[1], path = request[2], body = request[3], headers = { ["Idempotency-Key"] = "k" } }
  equal(answer.status, 503, request[2])
  equal(answer.headers["content-type"], "application/problem+json")
end
equal(http.get("/openapi.json").status, 200)
local answer, err = cp:call("Authorize", { idTag = "TAG1" })
check(not answer, "nobody is authorized")
equal(err.code, "InternalError")

cp:disconnect()
cp:connect()

server.database.start()
eventually(function()
  return http.get("/health", nil, { key = false }).status == 200
end, 30)
eventually(function()
  return http.get("/api/admin/chargers").status == 200
end)
equal(http.post("/api/admin/tokens", { id_tag = "TAG2" }, { headers = { ["Idempotency-Key"] = "k" } }).status, 201)
equal(cp:authorize("TAG1").status, "Accepted")

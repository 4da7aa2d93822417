-- REST bodies that break their schema, and requests that should not have been made: a problem+json that names the place.
local function problem(response, status, what)
  equal(response.status, status, what .. ": " .. response.text)
  equal((response.headers["content-type"] or ""):match "^[^;]+", "application/problem+json", what)
  equal(response.body.status, status)
  check(type(response.body.title) == "string" and type(response.body.type) == "string", what)
  return response.body
end

local function post(body)
  return http.post("/api/admin/chargers", body)
end

-- Not JSON, or not what the schema says.
problem(post '{"charge_point_id": ', 400, "half of a body")
problem(post '{"charge_point_id":"A","charge_point_id":"B"}', 400, "a key twice")
problem(post "\xff\xfe", 400, "no UTF-8")
local function broken(body, path)
  local errors = problem(post(body), 422, body).errors
  check(errors and errors[1], "errors for " .. body)
  equal(errors[1].path, path, body)
  check(#errors[1].rule > 0)
end
broken('{"charge_point_id":7}', "charge_point_id")
broken('{"charge_point_id":"A","colour":"red"}', "colour")
broken('{"charge_point_id":"A","security_profile":9}', "security_profile")
broken('{"charge_point_id":"A","registration":"maybe"}', "registration")
check(problem(post "{}", 422, "nothing").errors[1])
check(problem(post "[]", 422, "a list").errors[1])
problem(post('{"charge_point_id":"' .. ("x"):rep(2 << 20) .. '"}'), 413, "a body over the limit")

-- Who may.
problem(http.get("/api/admin/chargers", nil, { key = false }), 401, "no key")
problem(http.get("/api/admin/chargers", nil, { key = "bb_nonsense" }), 401, "a wrong key")
problem(http.post("/api/admin/bootstrap", nil, { key = false }), 409, "a second bootstrap")

-- What is not there.
problem(http.get "/api/admin/chargers/999999", 404, "an unknown charger")
problem(http.get "/api/admin/chargers/abc", 404, "an id that is none")
problem(http.get "/api/admin/nonsense", 404, "an unknown path")
problem(http { method = "PATCH", path = "/api/admin/chargers" }, 405, "an unknown method")
problem(http.get "/api/admin/transactions?from=yesterday", 400, "a bad time")
problem(http.get "/api/admin/transactions?limit=0", 400, "a bad limit")
problem(http.get "/api/admin/transactions?limit=9999999", 400, "a large limit")
problem(http.get "/api/admin/transactions?cursor=%21%21", 400, "a bad cursor")
local unknown = problem(http.get "/api/admin/transactions?colour=red", 400, "an unknown filter")
check(unknown.detail:find("colour", 1, true) and unknown.detail:find("id_tag", 1, true), unknown.detail)

-- Twice.
equal(post({ charge_point_id = "REST-1" }).status, 201)
problem(post { charge_point_id = "REST-1" }, 409, "the same charger again")

-- A command that breaks the action's schema is never sent; to a charger that is not there it is refused.
local id = http.get("/api/admin/chargers?charge_point_id=REST-1").body.items[1].id
local function command(body)
  return http.post("/api/admin/chargers/" .. id .. "/commands", body)
end
problem(command { action = "Reset", payload = { type = "Sideways" } }, 422, "a payload that breaks its schema")
problem(command { action = "MakeCoffee", payload = json.decode "{}" }, 422, "an unknown action")
problem(command { action = "Reset", payload = { type = "Soft" } }, 409, "a charger that is away")

equal(http.get("/health", nil, { key = false }).status, 200)

-- Texts that are not UTF-8, and years that no calendar has.
problem(http.get "/api/admin/tokens/%ff", 400, "a path")
problem(http.get "/api/admin/transactions?charger=%c0%80", 400, "a parameter")
problem(http.post("/api/admin/tokens", { id_tag = "ODD" }, { headers = { ["Idempotency-Key"] = "caf\xe9" } }), 400, "a header")
equal(http.post("/api/admin/tokens", { id_tag = "OLD", expires_at = "0000-01-01T00:00:00Z" }).status, 201)
equal(http.get("/api/admin/tokens/OLD").body.expires_at, "0001-01-01T00:00:00.000Z")

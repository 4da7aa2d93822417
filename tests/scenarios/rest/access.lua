-- Who may do what.
local function key_of(fields)
  fields.name = fields.role
  local made = http.post("/api/admin/keys", fields)
  equal(made.status, 201)
  equal(made.headers["cache-control"], "no-store")
  return made.body.key, made.body.id
end
seed.charger "CP1"
local charger_path = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id

log "without a key, or with a wrong one"
for _, key in ipairs { false, "bb_nonsense", "" } do
  local answer = http.get("/api/admin/chargers", nil, { key = key })
  equal(answer.status, 401)
  equal(answer.headers["content-type"], "application/problem+json")
  check(answer.headers["www-authenticate"]:find "^Bearer")
  matches(answer.body, { status = 401, title = "Unauthorized" })
end
equal(http.get("/health", nil, { key = false }).status, 200)
equal(http.get("/docs", nil, { key = false }).status, 200)
equal(http.post("/api/admin/chargers", { charge_point_id = "X" }, { key = false }).status, 401)
equal(http.post("/api/admin/chargers", "{", { key = false }).status, 401)

log "roles"
local admin = key_of { role = "admin" }
local operator = key_of { role = "operator" }
local readonly = key_of { role = "readonly" }
local driver = key_of { role = "user", user_id = "anna" }
local rights = {
  { "GET", charger_path, admin = 200, operator = 200, readonly = 200, driver = 403 },
  { "PUT", charger_path, {}, admin = 200, operator = 200, readonly = 403, driver = 403 },
  { "GET", "/api/admin/keys", admin = 200, operator = 403, readonly = 403, driver = 403 },
  { "GET", "/api/admin/audit", admin = 200, operator = 200, readonly = 403, driver = 403 },
  { "GET", "/auth/profile", admin = 200, operator = 200, readonly = 200, driver = 200 },
  { "GET", "/users/anna/transactions", admin = 200, operator = 200, readonly = 200, driver = 200 },
}
for _, right in ipairs(rights) do
  for role, key in pairs { admin = admin, operator = operator, readonly = readonly, driver = driver } do
    local answer = http { method = right[1], path = right[2], body = right[3] and array {} and "{}", key = key }
    equal(answer.status, right[role], right[1] .. " " .. right[2] .. " as " .. role)
  end
end
matches(http.get("/auth/profile", nil, { key = driver }).body, { role = "user", user_id = "anna", operator_id = "default" })
matches(http.get("/auth/profile", nil, { key = admin }).body, { role = "admin", user_id = json.null, operator_id = json.null })

log "keys that make no sense"
for _, bad in ipairs {
  { role = "admin", operator_id = "default" }, { role = "user" }, { role = "operator", user_id = "anna" },
  { role = "king" }, { role = "operator", operator_id = "nobody" },
} do
  bad.name = "bad"
  equal(http.post("/api/admin/keys", bad).status, 422, show(bad))
end

log "a key's end"
local short, short_id = key_of { role = "readonly", expires_at = "2020-01-01T00:00:00Z" }
equal(http.get("/auth/profile", nil, { key = short }).status, 401)
equal(http.delete("/api/admin/keys/" .. short_id).status, 204)
equal(http.delete("/api/admin/keys/" .. short_id).status, 404)
for _, k in ipairs(http.get("/api/admin/keys").body.items) do
  check(k.key == nil and k.key_hash == nil, "secrets are not listed")
  if k.name == "readonly" then
    equal(http.delete("/api/admin/keys/" .. k.id).status, 204)
  end
end
equal(http.get("/auth/profile", nil, { key = readonly }).status, 401)

log "somebody keeps the power to make keys"
equal(http.delete("/api/admin/keys/bootstrap").status, 204)
local id
for _, k in ipairs(http.get("/api/admin/keys?role=admin", nil, { key = admin }).body.items) do
  id = k.id
end
equal(http.delete("/api/admin/keys/" .. id, nil, { key = admin }).status, 409)
equal(http.post("/api/admin/bootstrap", nil, { key = false }).status, 409)
equal(http { method = "POST", path = "/api/admin/bootstrap", key = false, headers = { ["X-Forwarded-For"] = "192.0.2.1" } }.status, 403)

log "paths and methods that are not there"
equal(http.get("/nothing", nil, { key = admin }).status, 404)
local wrong = http { method = "DELETE", path = "/api/admin/chargers", key = admin }
equal(wrong.status, 405)
check(wrong.headers.allow:find "POST")

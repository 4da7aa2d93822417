-- A charger is registered, looked at, changed and removed.
local made = http.post("/api/admin/chargers", { charge_point_id = "CP1", vendor = "Acme", validation = "lenient" })
equal(made.status, 201)
matches(made.body, {
  charge_point_id = "CP1", operator_id = "default", vendor = "Acme", model = json.null, registration = "accepted",
  validation = "lenient", security_profile = 0, has_password = false, connected = false, last_seen = json.null,
})
equal(#made.body.connectors, 0)
local path = "/api/admin/chargers/" .. made.body.id
equal(made.headers.location, path)
equal(http.get(path).body, made.body)
equal(http.get(path).headers.etag, made.headers.etag)

matches(http.post("/api/admin/chargers", { charge_point_id = "CP1" }), { status = 409 })

log "a change keeps what it does not name, and needs the version it was made for"
local etag = made.headers.etag
wait(0.01)
local changed = http.put(path, { validation = "strict" }, { headers = { ["If-Match"] = etag } })
matches(changed, { status = 200, body = { vendor = "Acme", validation = "strict" } })
check(changed.headers.etag ~= etag, "the version is another one")
matches(http.put(path, { model = "X" }, { headers = { ["If-Match"] = etag } }), { status = 412 })
matches(http.put(path, { model = "X" }, { headers = { ["If-Match"] = "nonsense" } }), { status = 412 })
matches(http.put(path, { model = "X" }, { headers = { ["If-Match"] = "*" } }), { status = 200 })
matches(http.put(path, { vendor = json.null }), { status = 200, body = { vendor = json.null, model = "X" } })

log "what is wrong with a body is told, place by place"
local function refused(method, body, at)
  local answer = http { method = method, path = method == "PUT" and path or "/api/admin/chargers", body = body }
  matches(answer, { status = 422, headers = { ["content-type"] = "application/problem+json" } })
  equal(answer.body.errors[1].path, at)
end
refused("POST", { charge_point_id = "CP2", colour = "red" }, "colour")
refused("POST", { charge_point_id = "" }, "charge_point_id")
refused("POST", { charge_point_id = "CP\n2" }, "charge_point_id")
refused("POST", { charge_point_id = "CP2", station_id = 999 }, "station_id")
refused("POST", { charge_point_id = "CP2", security_profile = 1 }, "password")
refused("PUT", { validation = "loose" }, "validation")
refused("PUT", { station_id = 999 }, "station_id")
matches(http.post("/api/admin/chargers", "{"), { status = 400 })

log "a password is never shown"
local secret = http.put(path, { password = "not to be seen", security_profile = 1 })
matches(secret, { status = 200, body = { has_password = true, security_profile = 1 } })
check(not secret.text:find "not to be seen" and not secret.text:find "pbkdf2")
refused("PUT", { password = json.null }, "password")
matches(http.put(path, { password = json.null, security_profile = 0 }), { body = { has_password = false } })

log "nothing is found where nothing is"
for _, id in ipairs { "999", "abc", "99999999999999999999", "-1" } do
  equal(http.get("/api/admin/chargers/" .. id).status, 404)
  equal(http.put("/api/admin/chargers/" .. id, { model = "X" }).status, 404)
  equal(http.delete("/api/admin/chargers/" .. id).status, 404)
end

equal(http.delete(path).status, 204)
equal(http.get(path).status, 404)

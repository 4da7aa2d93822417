-- No body is an empty one: it will do where no member is required.
seed.charger "BODY1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=BODY1").body.items[1].id
local function post(path, body, headers)
  return http { method = "POST", path = path, body = body, headers = headers }
end

log "away: for want of the charger, not of a body"
equal(post(base .. "/renew-certificate").status, 409)
equal(post(base .. "/renew-certificate", "{}").status, 409)
equal(post(base .. "/renew-certificate", " ").status, 400)

log "where a member is needed, so is a body"
equal(post("/api/admin/chargers").status, 400)
equal(post("/api/admin/chargers", "{}").status, 422)
equal(http { method = "PUT", path = base }.status, 200)

log "a route that asks for nothing takes both"
equal(post("/api/admin/firmware-jobs/none/cancel").status, 404)
equal(post("/api/admin/firmware-jobs/none/cancel", "{}").status, 404)

log "they are the same request"
local cp = charger { id = "BODY1" }
cp:connect()
cp:boot()
cp:on("ExtendedTriggerMessage", { status = "Accepted" })
local first = post(base .. "/renew-certificate", nil, { ["Idempotency-Key"] = "a" })
matches(first, { status = 200, body = { state = "accepted" } })
local again = post(base .. "/renew-certificate", "{}", { ["Idempotency-Key"] = "a" })
equal(again.headers["idempotent-replay"], "true")
equal(again.body, first.body)

log "and the description says which is which"
local paths = http.get("/openapi.json").body.paths
equal(paths["/api/admin/chargers/{id}/renew-certificate"].post.requestBody.required, false)
equal(paths["/api/admin/chargers"].post.requestBody.required, true)
equal(paths["/api/admin/files"].post.requestBody.required, true)

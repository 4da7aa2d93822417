-- Commands to chargers, waited for or not.
seed.charger "CP1"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id .. "/commands"

log "a charger that is not there"
equal(http.post(path, { action = "ClearCache" }).status, 409)
equal(http.post("/api/admin/chargers/999/commands", { action = "ClearCache" }).status, 404)
equal(http.post("/api/charge-points/NONE/request", { action = "ClearCache" }).status, 404)
local queued = http.post(path, { action = "ClearCache", if_offline = "queue", wait_s = 0 })
matches(queued, { status = 202, body = { state = "queued", response = json.null, error = json.null } })

log "it comes, and gets what was kept for it"
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
eventually(function()
  return http.get("/api/admin/commands/" .. queued.body.id).body.state == "accepted"
end)

log "answered while the caller waits"
local done = http.post(path, { action = "ChangeConfiguration", payload = { key = "HeartbeatInterval", value = "60" } })
matches(done, { status = 200, body = { state = "accepted", response = { status = "Accepted" }, error = json.null } })
cp:on("Reset", { status = "Rejected" })
matches(http.post("/api/charge-points/CP1/request", { action = "Reset", payload = { type = "Soft" } }),
  { status = 200, body = { state = "rejected", response = { status = "Rejected" } } })
cp:on("Reset", function()
  return nil, "InternalError", "no"
end)
matches(http.post(path, { action = "Reset", payload = { type = "Soft" } }),
  { status = 200, body = { state = "failed", response = json.null, error = { code = "InternalError", detail = "no" } } })

log "not answered in time"
cp:on("Reset", false)
local slow = http.post(path, { action = "Reset", payload = { type = "Hard" }, wait_s = 1 })
matches(slow, { status = 202, body = { state = "sent", response = json.null } })
cp:answer(cp:expect { action = "Reset", payload = { type = "Hard" } }, { status = "Accepted" })
eventually(function()
  return http.get("/api/admin/commands/" .. slow.body.id).body.state == "accepted"
end)
local late = http.post(path, { action = "Reset", payload = { type = "Hard" }, wait_s = 10, deadline_s = 1 })
matches(late, { status = 200, body = { state = "timed_out" } })

log "what breaks its schema is never sent"
local bad = http.post(path, { action = "Reset", payload = { type = "Medium" } })
matches(bad, { status = 422 })
equal(bad.body.errors[1].path, "type")
matches(http.post(path, { action = "NoSuchThing", payload = { type = "Soft" } }), {
  status = 422, body = { detail = 'there is no action "NoSuchThing" to send', errors = { { path = "action" } } },
})
equal(http.post(path, { action = "ResetResponse", payload = { status = "Accepted" } }).status, 422)
equal(http.post(path, { action = "BootNotification", payload = { chargePointVendor = "a", chargePointModel = "b" } }).status, 422)
equal(http.post(path, { action = "Reset", payload = { type = "Soft" }, wait_s = -1 }).status, 422)
equal(http.post(path, { payload = { type = "Soft" } }).status, 422)

log "the history, newest first"
local history = http.get(path).body.items
equal(#history, 6)
matches(history[1], { action = "Reset", state = "timed_out", requested_by = "admin", payload = { type = "Hard" } })
matches(history[6], { id = queued.body.id, action = "ClearCache" })
equal(#http.get(path .. "?action=Reset").body.items, 4)
equal(#http.get(path .. "?state=rejected").body.items, 1)
local first = http.get(path .. "?limit=4").body
equal(#http.get(path .. "?limit=4&cursor=" .. first.next_cursor).body.items, 2)
equal(http.get("/api/admin/commands/none").status, 404)

-- A dead task is tried again when an admin says so, and no other is.
settings {}
local ctl = require "ctl"
local net = require "net"

local function task(id, operator, state)
  server.sql(string.format("insert into tasks (id, operator_id, name, payload, state, tries, run_at, error, created_at, ended_at) values " ..
    "('%s', '%s', 'of_nobody', '{}', '%s', 5, '2026-01-01T00:00:00.000Z', 'no answer', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z')", id,
    operator, state))
end
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z')"
task("DEAD1", "default", "dead")
task("DEAD2", "other", "dead")
task("DEAD3", "default", "dead")
task("DONE1", "default", "done")

local path = "/api/admin/tasks/"
local again = http.post(path .. "DEAD1/retry", nil)
equal(again.status, 200, again.text)
matches(again.body, { id = "DEAD1", state = "waiting", tries = 0, error = "no answer", ended_at = json.null })
check(again.body.run_at > now(-60), "it is due now")
matches(http.get("/api/admin/audit?path=" .. path .. "DEAD1/retry").body.items[1], { before = { state = "dead" }, after = { state = "waiting" } })
equal(http.post(path .. "DEAD1/retry", nil).status, 409)
equal(http.post(path .. "DONE1/retry", nil).status, 409)
equal(http.post(path .. "NONE/retry", nil).status, 404)

log "an operator has their own, and who only reads has none"
local function key(role)
  return http.post("/api/admin/keys", { name = role, role = role, operator_id = "default" }).body.key
end
local operator, reader = key "operator", key "readonly"
equal(http({ method = "POST", path = path .. "DEAD2/retry", key = operator }).status, 404)
equal(http({ method = "POST", path = path .. "DEAD3/retry", key = reader }).status, 403)
equal(http({ method = "POST", path = path .. "DEAD3/retry", key = operator }).status, 200)
equal(#http.get("/api/admin/tasks?state=dead").body.items, 1)

log "busbarctl"
ctl.done("tasks retry DEAD2", "state%s+waiting")
ctl.refused("tasks retry DEAD2", 1, "409 only a dead task")
ctl.refused("tasks retry", 2, "tasks retry ID")

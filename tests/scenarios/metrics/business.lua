-- Scripts by operator and hook, tasks by name and state, sessions, and what has happened.
settings { config = { metrics = { keep = "0s" } } }

local figures, scripts = require "figures", require "scripts"

seed.charger "MB1"
seed.token "MB"
local cp = charger { id = "MB1" }
cp:connect()
cp:boot()

log "a hook that fails now and then"
scripts.push { main = [[
function authorize(q)
  if q.id_tag == "BOOM" then error("no") end
  if q.id_tag == "SLOW" then for i = 1, 200000 do local _ = i * i end end
  return { status = "Accepted" }
end]] }
equal(cp:authorize("MB").status, "Accepted")
cp:authorize "BOOM"
cp:authorize "SLOW"
local list = figures.parse(figures.get())
local hook = { operator = "default", hook = "authorize" }
equal(figures.sum("busbar_lua_calls_total", hook, list), 3)
equal(figures.sum("busbar_lua_failures_total", hook, list), 1)
check(figures.sum("busbar_lua_seconds_total", hook, list) > 0.0003)
check(figures.sum("busbar_lua_memory_bytes", { operator = "default" }, list) > 10000)
equal(figures.sum("busbar_events_total", { event = "script.failed" }, list), 1)

log "sessions while they run"
local session = cp:start { connector = 1, id_tag = "MB", meter_start = 0 }
cp:status(1, "Charging")
equal(figures.sum("busbar_transactions", { state = "active" }), 1)
equal(figures.sum("busbar_connectors", { status = "Charging" }), 1)
session:stop { meter_stop = 5000 }
figures.becomes("busbar_transactions", { state = "active" }, 0)
list = figures.parse(figures.get())
equal(figures.sum("busbar_events_total", { event = "transaction.started" }, list), 1)
equal(figures.sum("busbar_events_total", { event = "transaction.ended" }, list), 1)

log "tasks that are done, that wait, and that are dead"
local runs = { task = "price_transaction", result = "done" }
figures.becomes("busbar_task_runs_total", runs, function(n) return n >= 1 end)
check(figures.sum("busbar_task_run_duration_seconds_count", { task = "price_transaction" }) >= 1)
server.sql [[
insert into tasks (id, name, payload, state, tries, run_at, created_at) values
  ('a', 'nobody_does', '{}', 'waiting', 0, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
  ('b', 'nobody_does', '{}', 'waiting', 0, '2099-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
  ('c', 'nobody_does', '{}', 'dead', 3, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
  ('d', 'later', '{}', 'waiting', 0, '2099-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
]]
list = figures.parse(figures.get())
equal(figures.sum("busbar_tasks", { task = "nobody_does", state = "waiting" }, list), 2)
equal(figures.sum("busbar_tasks", { task = "nobody_does", state = "dead" }, list), 1)
check(figures.sum("busbar_task_oldest_age_seconds", { task = "nobody_does" }, list) > 86400)
equal(figures.sum("busbar_task_oldest_age_seconds", { task = "later" }, list), 0)
server.sql "delete from tasks where name in ('nobody_does', 'later');"
equal(select(2, figures.sum("busbar_tasks", { task = "nobody_does" })), 0, "what is gone is not told")

log "figures of the database are kept for a while"
server.reload { metrics = { keep = "1h" } }
figures.get()
seed.charger "MB2"
equal(figures.sum("busbar_chargers", { registration = "accepted" }), 1)
server.reload { metrics = { keep = "0s" } }
equal(figures.sum("busbar_chargers", { registration = "accepted" }), 2)

log "many who ask at once get the same"
local asked = {}
for i = 1, 8 do
  asked[i] = function()
    equal(figures.sum("busbar_chargers", { registration = "accepted" }), 2)
  end
end
parallel(table.unpack(asked))

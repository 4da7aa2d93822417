-- One command to many chargers: who is selected, what becomes of it at each, and what a restart changes.
settings { config = { bulk = { pace = "20ms" }, ocpp = { command_timeout = "2s" } } }
local bulk = "/api/admin/bulk-commands"
local station = http.post("/api/admin/stations", { name = "Bulk" }).body.id
local fleet = {}
for i = 1, 6 do
  local id = "BULK-" .. i
  seed.charger { charge_point_id = id, station_id = station }
  fleet[i] = charger { id = id, silent = true }
end
for i = 1, 4 do
  fleet[i]:connect()
  fleet[i]:boot()
end
seed.charger "BULK-ELSEWHERE"

local function counts(id)
  return http.get(bulk .. "/" .. id).body.counts
end
local function ended(id, seconds)
  return eventually(function()
    local b = http.get(bulk .. "/" .. id).body
    return b.state == "done" and b
  end, seconds)
end
local function states(id)
  local found = {}
  for _, item in ipairs(http.get(bulk .. "/" .. id .. "/chargers").body.items) do
    found[item.charge_point_id] = item.state
  end
  return found
end

-- Every charger of the station; one refuses, one never answers, two are not there.
fleet[2]:on("ClearCache", { status = "Rejected" })
fleet[3]:on("ClearCache", false)
local made = http.post(bulk, { action = "ClearCache", selection = { station_id = station }, at_once = 2 })
equal(made.status, 202)
equal(made.headers.location, bulk .. "/" .. made.body.id)
equal(made.body.total, 6)
local first = ended(made.body.id)
equal(first.counts, { accepted = 2, rejected = 1, timed_out = 1, failed = 2 })
equal(states(first.id), {
  ["BULK-1"] = "accepted",
  ["BULK-2"] = "rejected",
  ["BULK-3"] = "timed_out",
  ["BULK-4"] = "accepted",
  ["BULK-5"] = "failed",
  ["BULK-6"] = "failed",
})
local page = http.get(bulk .. "/" .. first.id .. "/chargers?state=failed&limit=1").body
equal(page.items[1].detail, "the charger is not connected")
equal(http.get(bulk .. "/" .. first.id .. "/chargers?state=failed&cursor=" .. page.next_cursor).body.items[1].charge_point_id, "BULK-6")
fleet[2]:on "ClearCache"
fleet[3]:on "ClearCache"

-- No more than at_once at a time.
local waiting, most = 0, 0
for i = 1, 4 do
  fleet[i]:on("Reset", function()
    waiting = waiting + 1
    most = math.max(most, waiting)
    wait(0.1 * i)
    waiting = waiting - 1
    return { status = "Rejected" }
  end)
end
local paced = http.post(bulk, {
  action = "Reset",
  payload = { type = "Soft" },
  selection = { charge_point_ids = { "BULK-1", "BULK-2", "BULK-3", "BULK-4" } },
  at_once = 2,
}).body
equal(ended(paced.id).counts, { rejected = 4 })
equal(most, 2)

-- Passwords of others' servers are shown to nobody.
local secret = http.post(bulk, {
  action = "GetDiagnostics", payload = { location = "ftp://user:hunter2@logs.example/" }, selection = { charge_point_ids = { "BULK-1" } },
}).body
ended(secret.id)
equal(secret.payload.location, "ftp://***@logs.example/")
equal(http.get(bulk .. "/" .. secret.id).body.payload.location, "ftp://***@logs.example/")

-- Chargers that are not there are waited for, across a restart of the server.
local queued = http.post(bulk, { action = "ClearCache", selection = { station_id = station }, if_offline = "queue" }).body
eventually(function()
  return counts(queued.id).accepted == 4
end)
equal(counts(queued.id).waiting, 2)
server.kill()
server.start()
fleet[5]:reconnect()
fleet[5]:boot()
eventually(function()
  return counts(queued.id).accepted == 5
end)
fleet[6]:reconnect()
fleet[6]:boot()
equal(ended(queued.id).counts, { accepted = 6 })

-- Until the deadline, and not any longer.
local late = http.post(bulk, {
  action = "ClearCache",
  selection = { charge_point_ids = { "BULK-ELSEWHERE" } },
  if_offline = "queue",
  deadline_s = 1,
}).body
equal(ended(late.id).counts, { expired = 1 })

-- Stopped: nobody else is asked.
local stopped = http.post(bulk, { action = "ClearCache", selection = { all = true }, if_offline = "queue" }).body
equal(stopped.total, 7)
local after = http.post(bulk .. "/" .. stopped.id .. "/stop", nil).body
equal(after.state, "stopped")
equal(counts(stopped.id).waiting, nil)

-- What cannot be sent is refused before anybody is asked.
local function refused(body, path)
  local answer = http.post(bulk, body)
  equal(answer.status, 422)
  equal(answer.body.errors[1].path, path)
end
refused({ action = "Reset", payload = { type = "Gentle" }, selection = { all = true } }, "type")
refused({ action = "Heartbeat", selection = { all = true } }, "action")
refused({ action = "Reset", payload = { type = "Soft" }, selection = json.decode "{}" }, "selection")
refused({
  action = "ChangeConfiguration",
  payload = { key = "AuthorizationKey", value = "0123456789abcdef" },
  selection = { all = true },
}, "payload.key")
equal(http.get(bulk .. "/nothing").status, 404)

-- Another operator sees and stops none of it.
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z')"
local other = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key
equal(http.get(bulk .. "/" .. first.id, nil, { key = other }).status, 404)
equal(http.get(bulk .. "/" .. first.id .. "/chargers", nil, { key = other }).status, 404)
equal(http.post(bulk .. "/" .. first.id .. "/stop", nil, { key = other }).status, 404)
equal(#http.get(bulk, nil, { key = other }).body.items, 0)
equal(http.post(bulk, { action = "ClearCache", selection = { all = true } }, { key = other }).body.total, 0)

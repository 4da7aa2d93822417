-- A transaction's meter values as they come, to those who may see the transaction; and what a running one has used so far.
settings { config = { sessions = { every = "1s", silent_every = "1s" } } }
local sse = require "sse"
equal(http.post("/api/admin/operators", { id = "other", name = "Other" }).status, 201)
local charger_id = http.post("/api/admin/chargers", { charge_point_id = "CP1" }).body.id
for _, user in ipairs { "anna", "bert" } do
  equal(http.post("/api/admin/tokens", { id_tag = user:upper(), user_id = user }).status, 201)
end
local function key_of(operator, role, user)
  local made = http.post("/api/admin/keys", { name = operator .. role, role = role, operator_id = operator, user_id = user })
  equal(made.status, 201, made.text)
  return made.body.key
end
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
cp:status(1, "Preparing")
local session = cp:start { connector = 1, id_tag = "ANNA", meter_start = 1000 }
local id = http.get("/api/admin/transactions").body.items[1].id
local path = "/api/transactions/" .. id .. "/meter-values/live"

log "one who is there before the first value"
local early = sse.open(path)
equal(early:next(1.5), nil)
session:meter { energy_wh = 1100 }
session:meter { energy_wh = 1200 }
local first = early:next()
matches(first, { event = "meter", data = { transaction_id = id, connector_id = 1, energy_wh = 1100, source = "meter_values" } })
equal(first.id, first.data.id)
check(first.data.sample, "what the charger sent")
equal(early:next().data.energy_wh, 1200)

log "later ones begin with the newest; who comes back has what was missed"
local streams = {}
for _, key in ipairs { key_of("default", "operator"), key_of("default", "readonly"), key_of("default", "user", "anna") } do
  local stream = sse.open(path, { key = key })
  equal(stream:next().data.energy_wh, 1200)
  streams[#streams + 1] = stream
end
local again = sse.open(path, { headers = { ["Last-Event-ID"] = first.id } })
equal(again:next().data.energy_wh, 1200)
streams[#streams + 1] = sse.open(path, { headers = { ["Last-Event-ID"] = "999999999999" } })
equal(streams[#streams]:next().data.energy_wh, 1200, "an id that this server has not given")

log "who may not see the transaction is told that there is none"
for _, key in ipairs { key_of("default", "user", "bert"), key_of("other", "operator") } do
  local stream, refusal = sse.try(path, { key = key })
  check(not stream)
  equal(refusal.status, 404)
end
local function refused(asked, status, headers)
  local stream, refusal = sse.try(asked, { headers = headers })
  check(not stream, asked)
  equal(refusal.status, status, asked)
end
refused("/api/transactions/999999/meter-values/live", 404)
refused("/api/transactions/x/meter-values/live", 404)
refused(path, 400, { ["Last-Event-ID"] = "x" })
refused(path .. "?kind=meter", 400)

log "what it has used so far, among the events"
local updates = sse.open("/api/events?kind=transaction&transaction=" .. id)
local update = updates:find(function(e)
  return e.data.event == "transaction.updated" and e.data.data.energy_wh == 200
end)
matches(update.data, { charger_id = charger_id, user_id = "anna", connector_id = 1, data = { state = "active", id_tag = "ANNA" } })
updates:close()

log "it ends with the transaction"
session:meter { energy_wh = 1300 }
session:stop { meter_stop = 1400 }
streams[#streams + 1] = early
streams[#streams + 1] = again
for _, stream in ipairs(streams) do
  local last
  local stopped = stream:find(function(e)
    last = e.event == "meter" and e.data or last
    return e.event == "end"
  end)
  equal(stopped.data, { transaction_id = id, state = "completed" })
  equal(stopped.mark, "end")
  check(last.energy_wh >= 1300)
  equal(stream:finish(), "ended")
end
local late = sse.open(path)
local newest = late:next()
equal(newest.event, "meter")
equal(late:next().event, "end")
equal(late:finish(), "ended")

log "who comes back for the end has it, and who has had it is told that there is nothing more"
late = sse.open(path, { headers = { ["Last-Event-ID"] = newest.mark } })
equal(late:next().event, "end")
equal(late:finish(), "ended")
equal(sse.refused(path, { headers = { ["Last-Event-ID"] = "end" } }), 204)
equal(sse.refused(path .. "?last_event_id=end"), 204)
equal(sse.refused("/api/transactions/999999/meter-values/live?last_event_id=end"), 404)

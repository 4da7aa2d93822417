-- Every event, to whom it belongs, and what is filtered out.
settings { config = { notifications = { offline_after = "1s" }, transfer = { allow = "127.0.0.1" } } }

local receiver = http_server {}
local function subscribe(path, body)
  body.channel, body.target = "webhook", receiver.url .. path
  local made = http.post("/api/admin/subscriptions", body)
  equal(made.status, 201, made.text)
  return made.body
end
subscribe("/all", { events = { "*" } })
subscribe("/anna", { events = { "*" }, user_id = "anna" })
subscribe("/critical", { events = { "security.event" }, filter = { critical = true } })
server.sql "insert into operators (id, name, created_at) values ('northern', 'Northern', '2026-01-01T00:00:00.000Z');"
subscribe("/northern", { events = { "*" }, operator_id = "northern" })
local function await(path, event)
  return eventually(function()
    for _, request in ipairs(receiver:got(path)) do
      if request.json.event == event then
        return request.json
      end
    end
  end)
end

seed.charger { charge_point_id = "EVENT-1" }
seed.token { id_tag = "EVENT-TAG", user_id = "anna" }
local tariff = seed.tariff { name = "flat", bundled = "flat", currency = "EUR", settings = { price_per_kwh_minor = 50 } }
equal(http.put("/api/admin/tariffs/" .. tariff.id .. "/assignment", json.decode "{}").status, 200)
local wallet = http.post("/api/admin/wallets", { user_id = "anna", currency = "EUR", mode = "postpaid", credit_limit_minor = 100000, low_balance_minor = 500 })
equal(wallet.status, 201, wallet.text)
equal(http.post("/api/admin/wallets/" .. wallet.body.id .. "/top-ups", { amount_minor = 600, reference = "cash-1" }).status, 201)
local cp = charger { id = "EVENT-1" }
cp:connect()
cp:boot()

log "a session, and what it costs"
local session = cp:start { connector = 1, id_tag = "EVENT-TAG", meter_start = 0 }
session:stop { meter_stop = 10000 }
matches(await("/all", "session.started").data, { user_id = "anna", id_tag = "EVENT-TAG", token_status = "Accepted" })
matches(await("/anna", "session.stopped").data, { energy_wh = 10000, connector_id = 1 })
matches(await("/anna", "session.billed").data, { currency = "EUR", energy_wh = 10000 })
matches(await("/anna", "wallet.low").data, { user_id = "anna", low_balance_minor = 500 })

log "faults and security events"
cp:status { connector = 1, status = "Faulted", error = "GroundFailure", info = "RCD" }
matches(await("/all", "charger.faulted").data, { charge_point_id = "EVENT-1", connector_id = 1, error_code = "GroundFailure", info = "RCD" })
cp:demand("SecurityEventNotification", { type = "InvalidFirmwareSignature", timestamp = now() })
matches(await("/all", "security.event").data, { type = "InvalidFirmwareSignature", critical = false })
cp:demand("SecurityEventNotification", { type = "TamperDetectionActivated", timestamp = now() })
matches(await("/critical", "security.event").data, { type = "TamperDetectionActivated", critical = true })

log "firmware and tasks that come to nothing"
server.sql(string.format([[
insert into charger_jobs (id, operator_id, charger_id, kind, command_id, state, reason, request, requested_by, requested_at, deadline_at, updated_at, ended_at)
select 'job-1', 'default', id, 'firmware', 'command-1', 'download_failed', 'no route', '{}', 'test', '%s', '%s', '%s', '%s' from chargers;
insert into tasks (id, operator_id, name, payload, state, tries, run_at, error, created_at, ended_at)
values ('task-1', 'default', 'some_work', '{}', 'dead', 3, '%s', 'it is hopeless', '%s', '%s');]], now(), now(), now(), now(), now(), now(), now()))
matches(await("/all", "firmware.failed").data, { state = "download_failed", reason = "no route", charge_point_id = "EVENT-1" })
matches(await("/all", "task.dead").data, { name = "some_work", error = "it is hopeless", tries = 3 })

log "gone and back"
cp:disconnect()
matches(await("/all", "charger.offline").data, { charge_point_id = "EVENT-1" })
cp:connect()
matches(await("/all", "charger.online").data, { charge_point_id = "EVENT-1" })

log "each once, to those who want it"
local counts, order = {}, {}
for _, request in ipairs(receiver:got "/all") do
  counts[request.json.event] = (counts[request.json.event] or 0) + 1
  order[#order + 1] = request.json.event
end
for event, count in pairs(counts) do
  equal(count, event == "security.event" and 2 or 1, event)
end
equal(table.concat(order, " ", 1, 2), "session.started session.stopped")
equal(#receiver:got "/critical", 1)
equal(#receiver:got "/northern", 0)
for _, request in ipairs(receiver:got "/anna") do
  equal(request.json.data.user_id, "anna")
end

log "what REST refuses, and what is nobody else's business"
local key = http.post("/api/admin/keys", { name = "north", role = "operator", operator_id = "northern" }).body.key
equal(#http.get("/api/admin/subscriptions", nil, { key = key }).body.items, 1)
equal(#http.get("/api/admin/deliveries", nil, { key = key }).body.items, 0)
local mine = http.get("/api/admin/subscriptions").body.items[1]
local delivery = http.get("/api/admin/deliveries").body.items[1]
for _, path in ipairs { "subscriptions/" .. mine.id, "deliveries/" .. delivery.id } do
  equal(http.get("/api/admin/" .. path).status, 200)
  equal(http.get("/api/admin/" .. path, nil, { key = key }).status, 404)
end
equal(http.post("/api/admin/deliveries/" .. delivery.id .. "/redeliver", nil, { key = key }).status, 404)
equal(http.delete("/api/admin/subscriptions/" .. mine.id, nil, { key = key }).status, 404)
for _, case in ipairs {
  { { channel = "webhook", target = "ftp://x/", events = { "*" } }, "target" },
  { { channel = "webhook", target = "https://x/", events = { "no.such" } }, "events[0]" },
  { { channel = "webhook", target = "https://x/", events = array {} }, "events" },
  { { channel = "fax", target = "1", events = { "*" } }, "channel" },
  { { channel = "sms", target = "1\n2", events = { "*" } }, "target" },
  { { channel = "sms", target = "1", events = { "*" }, secret = "0123456789abcdef" }, "secret" },
  { { channel = "sms", target = "1", events = { "*" }, language = "german" }, "language" },
  { { channel = "sms", target = "1", events = { "*" }, filter = { a = { b = 1 } } }, "filter.a" },
  { { channel = "sms", target = "1", events = { "*" }, operator_id = "nobody" }, "operator_id" },
} do
  local answer = http.post("/api/admin/subscriptions", case[1])
  equal(answer.status, 422)
  equal(answer.body.errors[1].path, case[2])
end
local changed = http.put("/api/admin/subscriptions/" .. mine.id, { active = false, name = "mine" })
matches(changed.body, { active = false, name = "mine", target = mine.target })
equal(http.put("/api/admin/subscriptions/" .. mine.id, { name = "x" }, { headers = { ["If-Match"] = '"2020-01-01T00:00:00.000Z"' } }).status, 412)
equal(http.post("/api/admin/subscriptions/" .. mine.id .. "/test").status, 409)
equal(http.delete("/api/admin/subscriptions/" .. mine.id).status, 204)
equal(http.get("/api/admin/deliveries/" .. delivery.id).status, 404)

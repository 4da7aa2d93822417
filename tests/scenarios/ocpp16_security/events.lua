-- Security events: what chargers report is kept once, what is critical is told, what Busbar notices itself is there too.
settings { config = { ocpp16_security = { renew_check = "4s", events_retention = "365d" } } }
seed.charger { charge_point_id = "SEC1", password = "a-long-password", security_profile = 1 }
local row = http.get("/api/admin/chargers?charge_point_id=SEC1").body.items[1]
local cp = charger { id = "SEC1", password = "a-long-password" }
cp:connect()
cp:boot()

local function events(query)
  return http.get("/api/admin/security-events?" .. (query or "")).body.items
end

log "kept, and once"
local event = { type = "FirmwareUpdated", timestamp = "2026-11-21T10:00:00Z", techInfo = "1.0 to 1.1" }
cp:demand("SecurityEventNotification", event)
cp:demand("SecurityEventNotification", event)
cp:demand("SecurityEventNotification", { type = "SettingSystemTime", timestamp = "2026-11-21T10:00:01Z" })
cp:demand("SecurityEventNotification", { type = "SomethingOfItsOwn", timestamp = "2001-01-01T00:00:00Z" })
local all = events "charge_point_id=SEC1"
equal(#all, 3)
matches(all[3], {
  type = "FirmwareUpdated", tech_info = "1.0 to 1.1", critical = true, source = "charger", charger_id = row.id,
  event_at = "2026-11-21T10:00:00.000Z",
})
matches(all[1], { type = "SomethingOfItsOwn", critical = false, tech_info = json.null })
equal(#events "critical=true", 2)
equal(#events "type=SettingSystemTime", 1)
equal(#events "source=busbar", 0)
equal(#events "to=2026-01-01T00:00:00Z", 0)

log "kept although the server is killed"
cp:demand("SecurityEventNotification", { type = "ResetOrReboot", timestamp = now(0) })
server.kill()
server.start()
cp:wait_closed()
equal(#events "type=ResetOrReboot", 1)
cp:reconnect()
cp:boot()

log "what is noticed at the door"
equal(charger({ id = "SEC1", silent = true }):try_connect(), nil)
local thief = charger { id = "SEC1", password = "a-wrong-password", silent = true }
equal(thief:try_connect(), nil)
eventually(function()
  local noticed = events("source=busbar")
  return #noticed == 1 and noticed[1].type == "WrongPassword" and noticed[1].critical
end)
check(cp:heartbeat().currentTime)

log "another operator's key sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(#http { method = "GET", path = "/api/admin/security-events", key = key }.body.items, 0)

log "triggers"
local base = "/api/admin/chargers/" .. row.id
local function trigger(message, connector)
  return http.post(base .. "/extended-trigger", { requested_message = message, connector_id = connector })
end
for _, message in ipairs { "BootNotification", "Heartbeat", "FirmwareStatusNotification", "LogStatusNotification", "StatusNotification", "MeterValues" } do
  matches(trigger(message), { status = 200, body = { state = "accepted" } }, message)
end
equal(trigger("StatusNotification", 1).body.state, "accepted")
equal(trigger("Heartbeat", 1).status, 422)
equal(trigger("MakeCoffee").status, 422)
cp:on("ExtendedTriggerMessage", { status = "NotImplemented" })
equal(trigger("Heartbeat").body.state, "rejected")

log "what is too old goes, however much it is, and the rest stays"
local kept = #events "charge_point_id=SEC1"
server.sql [[
insert into security_events (operator_id, charge_point_id, source, type, critical, event_at, received_at)
with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
select 'default', 'OLD', 'busbar', 'Old', 0, '2001-01-01T00:00:00.000Z', '2001-01-01T00:00:00.000Z' from n]]
equal(#events "charge_point_id=OLD&limit=1", 1)
eventually(function()
  return #events "charge_point_id=OLD&limit=1" == 0
end)
equal(#events "charge_point_id=SEC1", kept)

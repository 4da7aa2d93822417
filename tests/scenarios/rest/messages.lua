-- The message log.
seed.charger "CP1"
seed.charger "CP2"
local one, two = charger { id = "CP1" }, charger { id = "CP2" }
one:connect()
two:connect()
one:boot()
two:boot()
one:call("Reset", { type = "Soft" })
local id = one:new_message_id()
one:call("Heartbeat", {}, { id = id })
one:send_raw "not JSON"

local path = "/api/admin/chargers/" .. http.get("/connections/CP1").body.charger_id .. "/messages"
local messages = eventually(function()
  local items = http.get(path).body.items
  return #items >= 7 and items
end)
for _, m in ipairs(messages) do
  equal(m.charge_point_id, "CP1")
end
local heartbeat = http.get(path .. "?message_id=" .. id).body.items
equal(#heartbeat, 2)
matches(heartbeat[2], { direction = "in", kind = "call", action = "Heartbeat", error = json.null })
matches(heartbeat[1], { direction = "out", kind = "result", correlation_id = heartbeat[2].correlation_id, payload = { currentTime = function(t)
  return type(t) == "string"
end } })
check(heartbeat[1].latency_us ~= json.null)
local boot = http.get(path .. "?action=BootNotification&direction=in").body.items
equal(#boot, 1)
check(boot[1].payload.chargePointVendor)
check(#http.get("/api/logs").body.items > #messages)
equal(#http.get("/api/logs/CP2?direction=in").body.items, 1)
equal(#http.get("/api/logs/CP3").body.items, 0)
equal(#http.get(path .. "?to=2020-01-01T00:00:00Z").body.items, 0)
equal(http.get("/api/admin/chargers/999/messages").status, 404)
local page = http.get(path .. "?limit=2").body
equal(#page.items, 2)
check(http.get(path .. "?limit=2&cursor=" .. page.next_cursor).body.items[1].id < page.items[2].id)

settings { config = { chargers = { node = "node-a", last_seen = "1s", refresh = "200ms" } } }

-- The state of a charger's link, and what remains of it.
seed.charger "CP1"
seed.charger "CP2"
matches(http.get("/connections").body, { next_cursor = json.null })
equal(#http.get("/connections").body.items, 0)
equal(http.get("/connections/CP1").status, 404)

local one, two = charger { id = "CP1" }, charger { id = "CP2" }
one:connect()
two:connect()
equal(#http.get("/connections").body.items, 2)
local first = http.get "/connections?limit=1"
matches(first.body.items[1], { charge_point_id = "CP1", node = "node-a", ocpp = "ocpp1.6", operator_id = "default" })
equal(first.body.next_cursor, "CP1")
equal(http.get("/connections?limit=1&cursor=CP1").body.items[1].charge_point_id, "CP2")
equal(http.get("/api/charge-points").body.items[2].charge_point_id, "CP2")
equal(http.get("/connections/CP1").body.charge_point_id, "CP1")
equal(http.get("/health").body.connections, 2)

local path = "/api/admin/chargers/" .. http.get("/connections/CP1").body.charger_id
matches(http.get(path).body, { connected = true, node = "node-a", remote = "127.0.0.1" })
one:heartbeat()
one:disconnect()
eventually(function()
  return http.get(path).body.connected == false
end)
local seen = http.get(path).body.last_seen
check(seen ~= json.null, "it was seen")

log "when it was seen is stored within the interval, and at the stop"
server.restart()
check(http.get(path).body.last_seen >= seen, "it is remembered")

log "a charger that is removed loses its link and does not come back"
eventually(function()
  return two:try_connect()
end)
local other = "/api/admin/chargers/" .. http.get("/connections/CP2").body.charger_id
equal(http.delete(other).status, 204)
two:wait_closed(5)
equal(two.close_code, 1008)
local ok, refusal = two:try_connect()
check(not ok)
equal(refusal.status, 404)

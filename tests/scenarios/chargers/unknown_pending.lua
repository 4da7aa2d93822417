settings { config = { chargers = { unknown = "pending" } } }

-- An unknown charger is told to wait until an admin has decided.
local cp = charger { id = "NEW1" }
cp:connect()
equal(cp:boot().status, "Pending")
local found = http.get("/api/admin/chargers?charge_point_id=NEW1").body.items[1]
matches(found, { registration = "pending", connected = true })

log "the admin accepts it; it reconnects and boots again"
local path = "/api/admin/chargers/" .. found.id
equal(http.put(path, { registration = "accepted" }).status, 200)
cp:wait_closed(5)
-- libwebsockets reports this code to the charger as 1002.
eventually(function()
  return server.log():find "NEW1 disconnected, code 1012"
end)
cp:connect()
equal(cp:boot().status, "Accepted")

log "the admin thinks again"
equal(http.put(path, { registration = "rejected" }).status, 200)
cp:wait_closed(5)
cp:connect()
equal(cp:boot().status, "Rejected")

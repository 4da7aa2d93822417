settings { config = { chargers = { unknown = "accept" } } }

-- Chargers that nobody registered come in, all at once, and are there afterwards.
local crowd = {}
for i = 1, 40 do
  crowd[i] = function()
    local cp = charger { id = "NEW" .. i, silent = true }
    cp:connect()
    equal(cp:boot().status, "Accepted")
  end
end
parallel(table.unpack(crowd))
local page = http.get "/api/admin/chargers?limit=500"
equal(#page.body.items, 40)
matches(page.body.items[1], { registration = "accepted", operator_id = "default", connected = true })

log "registering by hand goes on beside it"
matches(http.post("/api/admin/chargers", { charge_point_id = "BY-HAND" }), { status = 201 })

log "the same ones are known after a restart"
server.restart()
local cp = charger { id = "NEW1" }
cp:reconnect()
equal(#http.get("/api/admin/chargers?limit=500").body.items, 41)

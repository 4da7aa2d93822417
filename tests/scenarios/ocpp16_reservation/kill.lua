-- kill -9: before the charger has answered, while it holds a reservation, and right behind a start.
settings { config = { ocpp16_reservation = { check_every = "200ms" } } }
seed.charger "RES4"
seed.token "RES4-A"
local cp = charger { id = "RES4", connectors = 2 }
cp:connect()
cp:boot()
cp:report_connectors()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=RES4").body.items[1].id
local path = base .. "/reservations"

local function get(id)
  return http.get(path .. "/" .. id).body
end

local function again()
  server.kill()
  server.start()
  cp:wait_closed()
  cp:reconnect()
  cp:boot()
end

log "before the answer: it is asked again, since twice is once"
cp:on("ReserveNow", false)
local asked = http.post(path, { connector_id = 1, id_tag = "RES4-A", expires_in_s = 3600, if_offline = "queue", wait_s = 0 })
cp:expect { action = "ReserveNow" }
server.kill()
server.start()
local id = asked.body.reservation_id
equal(get(id).state, "pending")
cp:wait_closed()
cp:on "ReserveNow"
cp:reconnect()
cp:boot()
eventually(function()
  return get(id).state == "active"
end)

log "a reservation survives, and is used afterwards"
again()
equal(get(id).state, "active")
local session = cp:start { connector = 1, id_tag = "RES4-A" }
eventually(function()
  return get(id).state == "used"
end)
session:stop {}
cp:status(1, "Available")

log "right behind starts: none is lost"
for round = 1, 5 do
  local made = http.post(path, { connector_id = 1, id_tag = "RES4-A", expires_in_s = 3600 })
  matches(made, { status = 200, body = { state = "accepted" } })
  local s
  parallel(function()
    s = cp:start { connector = 1, id_tag = "RES4-A" }
  end, function()
    wait(0.002 * round)
    server.kill()
  end)
  server.start()
  cp:wait_closed()
  cp:reconnect()
  cp:boot()
  cp:flush()
  local r = eventually(function()
    local now = get(made.body.reservation_id)
    return now.state == "used" and now
  end)
  equal(http.get("/api/admin/transactions/" .. r.transaction_id).body.id_tag, "RES4-A")
  s:stop {}
  cp:status(1, "Available")
end

log "time passes while the server is down"
local short = http.post(path, { connector_id = 2, id_tag = "RES4-A", expires_in_s = 2 }).body.reservation_id
server.kill()
wait(2.1)
server.start()
eventually(function()
  return get(short).state == "expired"
end)

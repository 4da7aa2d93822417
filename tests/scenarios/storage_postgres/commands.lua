-- Commands while the database is away: what cannot be stored is none, and the end of one that is on its way is kept.
settings { own_cluster = true }

seed.charger "CP1"
local charger_id = http.get("/api/admin/chargers?charge_point_id=CP1").body.items[1].id
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
local commands = "/api/admin/chargers/" .. charger_id .. "/commands"
local function health()
  return http.get("/health", nil, { key = false }).status
end

log "it is asked, the database goes, it answers, the database comes back"
cp:on("ClearCache", false)
local sent = http.post(commands, { action = "ClearCache", wait_s = 0 })
equal(sent.status, 202)
local asked = cp:expect { action = "ClearCache" }
server.database.stop()
eventually(function()
  return health() == 503
end)
cp:answer(asked, { status = "Accepted" })
eventually(function()
  return server.log():find("the end of command " .. sent.body.id .. " cannot be stored now; it is kept", 1, true)
end, 30)

log "one that cannot be stored is a problem, and in no table"
local refused = http.post(commands, { action = "Reset", payload = { type = "Soft" } })
equal(refused.status, 503)
equal(refused.headers["content-type"], "application/problem+json")

server.database.start()
eventually(function()
  local one = http.get("/api/admin/commands/" .. sent.body.id)
  return one.status == 200 and one.body.state == "accepted"
end, 30)
equal(#http.get(commands).body.items, 1)
cp:disconnect()

-- Another program holds the database: calls fail after the configured patience, and succeed again afterwards; a command
-- that cannot be stored is a problem, is not sent, and is in no table.
settings { config = { storage_sqlite = { busy_timeout = "200ms" } } }

seed.charger "LOCKED1"
local cp = charger { id = "LOCKED1" }
cp:connect()
cp:boot()

local charger_id = http.get("/api/admin/chargers?charge_point_id=LOCKED1").body.items[1].id
local commands = "/api/admin/chargers/" .. charger_id .. "/commands"

local released = false
spawn(function()
  equal(program {
    "sqlite3", server.folder .. "/busbar.db", ".timeout 5000", "begin immediate", ".shell touch " .. server.folder .. "/held; sleep 2", "rollback",
    stdout = "/dev/null",
  }, 0)
  released = true
end)
eventually(function()
  local held = io.open(server.folder .. "/held")
  return held and held:close()
end)

local function report()
  return cp:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError" }, { timeout = 10 })
end
local response, err = report()
equal(response, nil)
equal(err.code, "InternalError")
local refused = http.post(commands, { action = "ClearCache" })
equal(refused.status, 503)
check(refused.body.detail:find("the command was not sent", 1, true))
check(not released, "it failed while the database was held")
check(cp:heartbeat().currentTime)

eventually(function()
  return released
end)
eventually(report)
equal(#http.get(commands).body.items, 0)
cp:disconnect()

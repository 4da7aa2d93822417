-- Another program holds the database: calls fail after the configured patience, and succeed again afterwards.
settings { config = { storage_sqlite = { busy_timeout = "200ms" } } }

seed.charger "LOCKED1"
local cp = charger { id = "LOCKED1" }
cp:connect()
cp:boot()

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
check(not released, "it failed while the database was held")
check(cp:heartbeat().currentTime)

eventually(function()
  return released
end)
eventually(report)
cp:disconnect()

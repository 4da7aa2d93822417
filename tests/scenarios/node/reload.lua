-- SIGHUP reads the configuration again, without dropping anybody; a bad one changes nothing.
settings { config = { chargers = { unknown = "reject" } } }

seed.charger "RELOAD1"
local cp = charger { id = "RELOAD1" }
cp:connect()
cp:boot()

local stranger = charger { id = "STRANGER" }
local ok, refused = stranger:try_connect()
equal(ok, nil)
equal(refused.status, 404)

server.reload { chargers = { unknown = "accept" } }
stranger:reconnect() -- registered at the first attempt, let in at the next
equal(stranger:boot().status, "Accepted")
stranger:disconnect()

-- An option that does not exist: told in the log with its name, and the server goes on as before.
server.reload { chargers = { unknwon = "reject" } }
eventually(function()
  return server.log():find "unknwon"
end)
server.config.chargers.unknwon = nil
check(cp.connected, "the first charger never noticed")
cp:heartbeat()
local other = charger { id = "STRANGER2" }
other:reconnect()
other:disconnect()
cp:disconnect()

-- PostgreSQL goes away and comes back: meanwhile calls fail quickly, nothing answered is lost, and the
-- server finds it again by itself.
settings { own_cluster = true }

seed.charger "AWAY1"
seed.token "AWAY"
local cp = charger { id = "AWAY1" }
cp:connect()
cp:boot()
local session = cp:start { id_tag = "AWAY", meter_start = 0 }
session:meter { energy_wh = 100 }

server.database.stop()

-- Nothing is done of a call that fails so: the same frame, sent again later, is another try.
local tried = { connectorId = 2, idTag = "AWAY", meterStart = 5, timestamp = cp:now() }
local started, failed = cp:call("StartTransaction", tried, { id = "tried-twice", timeout = 10 })
equal(started, nil)
equal(failed.code, "InternalError")

-- Not a time-out: the answer is an error, within seconds.
local response, err = cp:call("StatusNotification", { connectorId = 1, status = "Charging", errorCode = "NoError" }, { timeout = 10 })
equal(response, nil)
equal(err.code, "InternalError")
equal(http.get("/health", nil, { key = false }).status, 503)
local list = http.get "/api/admin/transactions"
check(list.status >= 500, "REST says that storage is away, not " .. list.status)
check(cp.connected, "the link stays")

server.database.start()
eventually(function()
  return http.get("/health", nil, { key = false }).status == 200
end, 30)
started = cp:call("StartTransaction", tried, { id = "tried-twice" })
check(started and started.transactionId > 0, "the start is stored at the second try")
cp:status(1, "Charging")
session:meter { energy_wh = 200 }
session:stop { meter_stop = 300 }
local transaction = http.get("/api/admin/transactions?charger=AWAY1&connector=1").body.items[1]
matches(transaction, { energy_wh = 300, state = "completed", protocol_id = tostring(session.id) })
equal(#http.get("/api/admin/transactions/" .. transaction.id .. "/meter-values").body.items, 2)
cp:disconnect()

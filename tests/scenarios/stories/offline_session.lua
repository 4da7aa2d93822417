-- The line is down for a whole session; hours later the charger tells of it, and nothing is lost.
local id = arg[1] or "STORY-OFFLINE"
seed.charger(id)
seed.token "STORY-OFFLINE"

local cp = charger { id = id }
cp:connect()
equal(cp:boot().status, "Accepted")
cp:status(1, "Available")
cp:drop()

-- Nobody hears these: they wait in the charger.
local session = cp:start { id_tag = "STORY-OFFLINE", meter_start = 500, timestamp = now(-3 * 3600) }
session:meter { energy_wh = 2500, timestamp = now(-2.5 * 3600) }
session:meter { energy_wh = 4500, timestamp = now(-2 * 3600) }
session:stop { meter_stop = 6500, timestamp = now(-1.5 * 3600), reason = "Local" }
equal(session.id, nil)

cp:connect()
cp:flush()
check(session.id > 0, "a transactionId at last")
equal(session.status, "Accepted")

local path = "/api/admin/transactions?charger=" .. escape(id)
local transaction = http.get(path).body.items[1]
matches(transaction, {
  protocol_id = tostring(session.id),
  state = "completed",
  energy_wh = 6000,
  duration_s = 5400,
})
local flags = table.concat(transaction.flags, " ")
check(flags:find "offline", "marked as an offline session, has: " .. flags)
local values = http.get("/api/admin/transactions/" .. transaction.id .. "/meter-values").body.items
equal(#values, 2, "meter values")
cp:disconnect()

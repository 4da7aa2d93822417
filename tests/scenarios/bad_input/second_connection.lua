-- The same identity connects again while the old connection is up, or looks so: the new one takes over.
seed.charger "TWICE"
seed.token "TWICE"

local first = charger { id = "TWICE" }
first:connect()
first:boot()
local session = first:start { id_tag = "TWICE", meter_start = 0 }

local second = charger { id = "TWICE" }
second:connect()
check(first:wait_closed(10), "the old connection is closed")
equal(second:boot().status, "Accepted")
equal(#http.get("/connections").body.items, 1)

-- The transaction goes on over the new one.
second:meter { transaction_id = session.id, energy_wh = 50 }
second:stop { transaction_id = session.id, meter_stop = 70 }
matches(http.get("/api/admin/transactions?charger=TWICE").body.items[1], { state = "completed", energy_wh = 70 })

-- A half-open connection: the charger is gone, the server does not know it yet.
second:abandon()
local third = charger { id = "TWICE" }
third:connect()
third:boot()
equal(third:heartbeat().currentTime ~= nil, true)
equal(http.get("/connections/TWICE").status, 200)

-- Many times in a row, as chargers with a bad line do.
for _ = 1, 20 do
  local again = charger { id = "TWICE", silent = true }
  again:connect()
end
local last = charger { id = "TWICE" }
last:connect()
last:boot()
equal(#http.get("/connections").body.items, 1)
last:disconnect()

-- A car takes 11 kWh at whatever is charged there: the story makes no tariff. Arguments: the charger, the token.
local id, tag = arg[1] or "STORY-ONE", arg[2] or "STORY-DRIVER"
seed.charger(id)
seed.token(tag)

local cp = charger { id = id }
cp:connect()
cp:boot()
cp:report_connectors()
cp:status(1, "Preparing")
local session = cp:start { connector = 1, id_tag = tag, meter_start = 0 }
equal(session.status, "Accepted")
cp:status(1, "Charging")
session:meter { energy_wh = 5500, power_w = 11000 }
session:stop { meter_stop = 11000, reason = "EVDisconnected" }
cp:status(1, "Available")
cp:disconnect()

-- Where a tariff applies, the price comes moments later.
local transaction
for _ = 1, 30 do
  transaction = http.get("/api/admin/transactions?limit=1&charger=" .. escape(id)).body.items[1]
  if transaction.price_state ~= "none" then break end
  wait(0.1)
end
equal(transaction.energy_wh, 11000)
print(("transaction %d, price_state %s"):format(transaction.id, transaction.price_state))

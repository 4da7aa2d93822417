-- kill -9 at each step between a stop and its bill, a little later each time: billed once, and what was held is free again.
local wallets = require "wallets"

seed.charger "WS1"
wallets.token("ANNA", "anna")
wallets.tariff { price_per_kwh_minor = 100, tax_percent = 10 }
local anna = wallets.make("anna", 100000)
local cp = charger { id = "WS1", silent = true }
cp:connect()
cp:boot()

local spent = 0
for round = 0, 11 do
  local s = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
  s:stop { meter_stop = 1000 + round * 100 }
  wait(round * 0.004)
  server.kill()
  wallets.let_claims_lapse()
  server.start()
  cp:wait_closed()
  cp:reconnect()
  cp:boot()
  cp:flush()
  spent = spent + 110 + 11 * round
  matches(wallets.bill_when(s.id, "billed"), { amount = { amount_minor = 110 + 11 * round }, tax = { amount_minor = 10 + round } })
  equal(#wallets.entries(anna, "&transaction=" .. s.id), 2)
end
matches(wallets.now(anna), { balance = { amount_minor = 100000 - spent }, held = { amount_minor = 0 }, owed = { amount_minor = 0 } })
eventually(function() return http.get("/api/admin/wallets/reconciliation").body.ok end)

-- A prepaid session is cut off when its price so far reaches what is on the wallet; again and again while it goes on.
settings { config = { wallet = { hold_minor = 300 }, sessions = { every = "1s", silent_every = "1s", stop_again = "300ms", stop_again_most = "600ms" } } }
local wallets = require "wallets"

for i = 1, 4 do
  seed.charger("SC" .. i)
end
for tag, user in pairs { ANNA = "anna", BEN = "ben", CARL = "carl", POST = "post" } do
  wallets.token(tag, user)
end
wallets.tariff { price_per_kwh_minor = 100 }
local function connect(id, connectors)
  local cp = charger { id = id, connectors = connectors or 1 }
  cp:connect()
  cp:boot()
  return cp
end
local function cut_off(id)
  return http.get("/api/admin/cut-offs?transaction=" .. id).body.items[1]
end
local function price_so_far(id)
  return http.get("/api/admin/transactions/" .. id .. "/running").body.price_so_far.amount_minor
end

log "the price so far"
local anna = wallets.make("anna", 500)
local one = connect "SC1"
local s = one:start { connector = 1, id_tag = "ANNA", meter_start = 1000 }
equal(s.status, "Accepted")
s:meter { energy_wh = 3000, power_w = 7400 }
matches(http.get("/api/admin/transactions/" .. s.id .. "/running"), { status = 200, body = { energy_wh = 2000, power_w = 7400,
  price_so_far = { amount_minor = 200, currency = "EUR" }, price_error = json.null, lines = { { kind = "energy", amount_minor = 200 } } } })
equal(http.get("/api/admin/transactions/999/running").status, 404)
eventually(function() return wallets.now(anna).held.amount_minor == 300 end)

log "it goes on while there is money"
s:meter { energy_wh = 5900 }
equal(price_so_far(s.id), 490)
eventually(function() return wallets.now(anna).held.amount_minor == 490 end)
equal(cut_off(s.id), nil)

log "and is stopped when there is none"
s:meter { energy_wh = 6000 }
one:expect { action = "RemoteStopTransaction", payload = { transactionId = s.id } }
local t = eventually(function()
  local now = http.get("/api/admin/transactions/" .. s.id).body
  return now.state == "completed" and now
end)
equal(t.stop_reason, "Remote")
equal(t.energy_wh, 5000)
local told = eventually(function() -- what came of it is stored a little later
  local now = cut_off(s.id)
  return now.last_outcome ~= json.null and now
end)
matches(told, { cut_off_by = "wallet", reason = "the balance is used up", user_id = "anna", energy_wh = 5000, tries = 1,
  last_outcome = "accepted", price_so_far = { amount_minor = 500, currency = "EUR" } })
equal(wallets.bill_when(s.id, "billed").amount.amount_minor, 500)
equal(wallets.balance(anna), 0)
equal(http.get("/api/admin/transactions/" .. s.id .. "/running").status, 409)

log "a charger that does not listen is told again, over a kill, and when it comes back"
local ben = wallets.make("ben", 300)
local two = connect "SC2"
two:on("RemoteStopTransaction", { status = "Rejected" })
local deaf = two:start { connector = 1, id_tag = "BEN", meter_start = 0 }
deaf:meter { energy_wh = 4000 }
for _ = 1, 3 do
  two:expect { action = "RemoteStopTransaction" }
end
check(eventually(function() local c = cut_off(deaf.id) return c.tries >= 3 and c.last_outcome == "rejected" end))
server.kill()
server.start()
two:wait_closed()
two:reconnect()
two:boot()
two:status(1, "Charging")
two:expect { action = "RemoteStopTransaction" }
two:disconnect()
wait(1)
two:reconnect()
two:on("RemoteStopTransaction")
two:expect { action = "RemoteStopTransaction" }
wallets.bill_when(deaf.id, "unbilled", "insufficient_balance")
matches(wallets.bill(deaf.id), { amount = { amount_minor = 300 }, owed = { amount_minor = 100 } })
equal(wallets.balance(ben), 0)
wait(1)
equal(two:receive(0.1), nil, "told no more")

log "two sessions of one wallet share it"
local carl = wallets.make("carl", 1000)
local three = connect("SC3", 2)
local a, b = three:start { connector = 1, id_tag = "CARL", meter_start = 0 }, three:start { connector = 2, id_tag = "CARL", meter_start = 0 }
eventually(function() return wallets.now(carl).held.amount_minor == 600 end)
a:meter { energy_wh = 6500 }
eventually(function() return wallets.now(carl).held.amount_minor == 950 end)
b:meter { energy_wh = 3400 }
eventually(function() return wallets.now(carl).held.amount_minor == 990 end)
equal(cut_off(b.id), nil)
b:meter { energy_wh = 3500 }
eventually(function() return cut_off(b.id) end)
equal(cut_off(a.id), nil)
eventually(function() return http.get("/api/admin/transactions/" .. b.id).body.state == "completed" end)
a:stop { meter_stop = 6500 }
wallets.bill_when(a.id, "billed")
wallets.bill_when(b.id, "billed")
matches(wallets.now(carl), { balance = { amount_minor = 0 }, held = { amount_minor = 0 } })

log "postpaid: up to the credit"
local post = wallets.make("post", 0, { mode = "postpaid", credit_limit_minor = 200 })
local four = connect "SC4"
local p = four:start { connector = 1, id_tag = "POST", meter_start = 0 }
equal(p.status, "Accepted")
p:meter { energy_wh = 2000 }
four:expect { action = "RemoteStopTransaction" }
matches(eventually(function() return cut_off(p.id) end), { cut_off_by = "wallet", reason = "the credit is used up" })
wallets.bill_when(p.id, "billed")
equal(wallets.balance(post), -200)
equal(#http.get("/api/admin/cut-offs?charger=SC4").body.items, 1)
equal(#http.get("/api/admin/cut-offs?user=anna&state=completed").body.items, 1)

log "who has prepaid in another currency cannot pay for more than nothing"
wallets.token("DORA", "dora")
local dora = wallets.make("dora", 100000, { currency = "SEK" })
local foreign = four:start { connector = 1, id_tag = "DORA", meter_start = 2000 }
equal(foreign.status, "Accepted")
foreign:meter { energy_wh = 2000 }
equal(price_so_far(foreign.id), 0)
foreign:meter { energy_wh = 2100 }
four:expect { action = "RemoteStopTransaction", payload = { transactionId = foreign.id } }
matches(eventually(function() return cut_off(foreign.id) end), { cut_off_by = "wallet", reason = "the price is in another currency than the wallet",
  price_so_far = { amount_minor = 10, currency = "EUR" } })
wallets.bill_when(foreign.id, "unbilled", "currency")
equal(wallets.balance(dora), 100000)

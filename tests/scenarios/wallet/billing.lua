-- What sessions cost is taken from wallets, once; what cannot be is unbilled, with the reason, until it is mended.
local wallets = require "wallets"

seed.charger "WB1"
for tag, user in pairs { ANNA = "anna", BEN = "ben", CARL = "carl", DORA = "dora" } do
  wallets.token(tag, user)
end
wallets.token "NOBODY"
local anna = wallets.make("anna", 5000)
local carl = wallets.make("carl", 100000, { currency = "SEK" })
local cp = charger { id = "WB1" }
cp:connect()
cp:boot()

log "without a tariff there is no price"
local early = wallets.session(cp, "ANNA", 1000)
matches(wallets.bill(early), { state = "unbilled", reason = "no_price", amount = json.null, owed = json.null, wallet_id = anna.id })

log "a session with tax"
local tariff = wallets.tariff { price_per_kwh_minor = 100, tax_percent = 19 }
local first = wallets.session(cp, "ANNA", 10000)
matches(wallets.bill(first), { state = "billed", reason = json.null, user_id = "anna", wallet_id = anna.id,
  amount = { amount_minor = 1190, currency = "EUR" }, tax = { amount_minor = 190 }, refunded = { amount_minor = 0 }, owed = { amount_minor = 0 } })
equal(wallets.balance(anna), 5000 - 1190)
local legs = http.get("/api/admin/wallets/" .. anna.id .. "/entries?transaction=" .. first).body.items
equal(#legs, 4)
local sums, all = {}, 0
for _, e in ipairs(legs) do
  equal(e.kind, "bill")
  sums[e.account] = (sums[e.account] or 0) + e.amount.amount_minor
  all = all + e.amount.amount_minor
end
matches(sums, { wallet = -1190, revenue = 1000, tax = 190 })
equal(all, 0)

log "again changes nothing"
equal(http.post("/api/admin/transactions/" .. first .. "/bill", {}).status, 409)
server.restart()
cp:wait_closed()
cp:reconnect()
cp:boot()
equal(wallets.balance(anna), 5000 - 1190)

log "the one without a price is billed when it has one"
equal(http.post("/api/admin/transactions/" .. early .. "/price").status, 202)
equal(wallets.bill_when(early, "billed").amount.amount_minor, 119)
equal(wallets.balance(anna), 5000 - 1190 - 119)

log "reasons"
local nobody = wallets.session(cp, "NOBODY", 1000)
matches(wallets.bill(nobody), { state = "unbilled", reason = "no_user", user_id = json.null })
local ben = wallets.session(cp, "BEN", 1000)
matches(wallets.bill(ben), { state = "unbilled", reason = "no_wallet", user_id = "ben" })
local foreign = wallets.session(cp, "CARL", 1000)
matches(wallets.bill(foreign), { state = "unbilled", reason = "currency", user_id = "carl" })
equal(wallets.balance(carl), 100000)
local list = http.get("/api/admin/bills?state=unbilled").body.items
equal(#list, 3)
equal(http.get("/api/admin/bills?state=unbilled&reason=no_wallet").body.items[1].transaction_id, ben)
equal(#http.get("/api/admin/bills?user=anna").body.items, 2)
equal(http.get("/api/admin/transactions/999/bill").status, 404)
equal(http.post("/api/admin/transactions/999/bill").status, 404)

log "mended: the token has a user now, the user a wallet"
matches(http.post("/api/admin/transactions/" .. ben .. "/bill"), { status = 202, body = { state = "unbilled" } })
equal(wallets.bill(ben).reason, "no_wallet")
local purse = wallets.make("ben", 500)
equal(http.post("/api/admin/transactions/" .. ben .. "/bill").status, 202)
equal(wallets.bill_when(ben, "billed").wallet_id, purse.id)
equal(wallets.balance(purse), 500 - 119)
equal(http.put("/api/admin/tokens/NOBODY", { user_id = "ben" }).status, 200)
equal(http.post("/api/admin/transactions/" .. nobody .. "/bill").status, 202)
matches(wallets.bill_when(nobody, "billed"), { user_id = "ben" })
equal(http.get("/api/admin/transactions/" .. nobody).body.user_id, "ben")
equal(http.post("/api/admin/transactions/" .. foreign .. "/bill", { user_id = "anna" }).status, 202)
matches(wallets.bill_when(foreign, "billed"), { user_id = "anna", wallet_id = anna.id })
equal(http.get("/api/admin/transactions/" .. foreign).body.user_id, "carl", "whose token it was")
equal(wallets.balance(purse), 500 - 2 * 119)
equal(#http.get("/api/admin/bills?state=unbilled").body.items, 0)

log "a running session is not billed"
local running = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
equal(http.post("/api/admin/transactions/" .. running.id .. "/bill").status, 409)

log "what does not fit is owed, and taken when money comes"
running:stop { meter_stop = 100000 }
local big = wallets.bill_when(running.id, "unbilled", "insufficient_balance")
local had = 5000 - 1190 - 2 * 119
matches(big, { amount = { amount_minor = had }, owed = { amount_minor = 11900 - had } })
matches(wallets.now(anna), { balance = { amount_minor = 0 }, owed = { amount_minor = 11900 - had }, available = { amount_minor = had - 11900 } })
equal(http.post("/api/admin/wallets/" .. anna.id .. "/top-ups", { amount_minor = 1000 }).status, 201)
eventually(function() return wallets.bill(running.id).amount.amount_minor == had + 1000 end)
equal(wallets.bill(running.id).state, "unbilled")
equal(http.post("/api/admin/wallets/" .. anna.id .. "/top-ups", { amount_minor = 10000 }).status, 201)
equal(wallets.bill_when(running.id, "billed").amount.amount_minor, 11900)
equal(wallets.balance(anna), had + 11000 - 11900)
equal(wallets.now(anna).owed.amount_minor, 0)
sums = {}
for _, e in ipairs(http.get("/api/admin/wallets/" .. anna.id .. "/entries?transaction=" .. running.id).body.items) do
  sums[e.account] = (sums[e.account] or 0) + e.amount.amount_minor
end
matches(sums, { wallet = -11900, revenue = 10000, tax = 1900 })

log "or more credit is given"
local poor = wallets.make "dora"
local on_credit = wallets.session(cp, "DORA", 1000)
wallets.bill_when(on_credit, "unbilled", "insufficient_balance")
equal(http.put("/api/admin/wallets/" .. poor.id, { mode = "postpaid", credit_limit_minor = 200 }).status, 200)
wallets.bill_when(on_credit, "billed")
equal(wallets.balance(poor), -119)
local over = wallets.session(cp, "DORA", 1000)
matches(wallets.bill_when(over, "unbilled", "insufficient_balance"), { amount = { amount_minor = 81 }, owed = { amount_minor = 38 } })
equal(wallets.balance(poor), -200)

log "no task is left over"
eventually(function()
  for _, task in ipairs(http.get("/api/admin/tasks").body.items) do
    if task.state ~= "done" then return false end
  end
  return true
end)

log "a tax in the prices is as much tax; half a cent is one, as on an invoice"
local function included(settings)
  settings.tax_included = true
  equal(http.put("/api/admin/tariffs/" .. tariff.id, { settings = settings }).status, 200)
  return wallets.bill_when(wallets.session(cp, "ANNA", 10000), "billed")
end
matches(included { price_per_kwh_minor = 119, tax_percent = 19 }, { amount = { amount_minor = 1190 }, tax = { amount_minor = 190 } })
matches(included { price_per_kwh_minor = 0.3, tax_percent = 20 }, { amount = { amount_minor = 3 }, tax = { amount_minor = 1 } })
check(http.get("/api/admin/wallets/reconciliation").body.ok)

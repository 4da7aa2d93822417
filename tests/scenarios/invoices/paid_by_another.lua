-- A session that another one's wallet has paid is invoiced to them, not to its user.
local wallets = require "wallets"
seed.charger "CP"
for _, user in ipairs { "anna", "ben" } do
  wallets.token(user:upper(), user)
  equal(http.put("/api/admin/invoices/recipients/" .. user, { name = user, address = { "There" } }).status, 200)
end
equal(http.put("/api/admin/invoices/issuer", { legal_name = "ACME", address = { "Here" }, tax_id = "DE1" }).status, 200)
wallets.tariff { price_per_kwh_minor = 100, tax_percent = 19 }
local wallet = wallets.make("anna", 10000)
local cp = charger { id = "CP" }
cp:connect()
cp:boot()

local function paid_by_anna()
  local id = wallets.session(cp, "BEN", 1000)
  wallets.bill_when(id, "unbilled", "no_wallet")
  equal(http.post("/api/admin/transactions/" .. id .. "/bill", { user_id = "anna" }).status, 202)
  matches(wallets.bill_when(id, "billed"), { user_id = "anna", wallet_id = wallet.id })
  return id
end

local first, second, own = paid_by_anna(), paid_by_anna(), wallets.session(cp, "BEN", 2000)
wallets.bill_when(own, "unbilled", "no_wallet")

log "one session: the invoice is for the one who has paid, with what was paid"
equal(http.post("/api/admin/invoices", { transaction_id = first, user_id = "ben" }).status, 409)
local invoice = http.post("/api/admin/invoices", { transaction_id = first, user_id = "anna" })
equal(invoice.status, 201, invoice.text)
matches(invoice.body, { user_id = "anna", recipient = { name = "anna" }, total_minor = 119, paid_minor = 119, due_minor = 0 })
equal(http.get("/api/admin/transactions/" .. second .. "/receipt").body.user_id, "anna")
equal(http.get("/api/admin/transactions/" .. first).body.user_id, "ben", "whose token it was")

log "a month: to each what is theirs to pay"
server.sql "update transactions set started_at = '2026-01-10T08:00:00.000Z', stopped_at = '2026-01-10T09:00:00.000Z', ended_at = '2026-01-10T09:00:00.000Z'"
for user, wanted in pairs { anna = { second, 119 }, ben = { own, 238 } } do
  local month = http.post("/api/admin/invoices", { user_id = user, month = "2026-01" })
  equal(month.status, 201, month.text)
  matches(month.body, { user_id = user, total_minor = wanted[2] })
  equal(#month.body.sessions, 1)
  equal(month.body.sessions[1].transaction_id, wanted[1])
end

log "and so does a run of all users"
local late = paid_by_anna()
server.sql(("update transactions set started_at = '2026-02-10T08:00:00.000Z', stopped_at = '2026-02-10T09:00:00.000Z', ended_at = '2026-02-10T09:00:00.000Z' where id = %d"):format(late))
equal(http.post("/api/admin/invoices/run", { month = "2026-02" }).status, 202)
require "invoicing".run_ended "2026-02"
local of_run = http.get("/api/admin/invoices?month=2026-02").body.items
equal(#of_run, 1)
matches(of_run[1], { user_id = "anna" })
equal(#http.get("/users/ben/invoices").body.items, 1)

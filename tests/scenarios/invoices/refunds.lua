-- A refund of the wallet becomes a credit note for the invoice on which the session stands, once, whatever comes first.
settings { config = { invoices = { look_every = "200ms" } } }
local wallets = require "wallets"

seed.charger "CP"
wallets.token("ANNA", "anna")
wallets.tariff { price_per_kwh_minor = 100, tax_percent = 19 }
local anna = wallets.make("anna", 10000)
equal(http.put("/api/admin/invoices/issuer", { legal_name = "ACME", address = { "Here" }, tax_id = "DE1", note = "Payable within 14 days" }).status, 200)
equal(http.put("/api/admin/invoices/recipients/anna", { name = "Anna", address = { "There" } }).status, 200)
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local function refund(id, amount)
  local body = { transaction_id = id, amount_minor = amount, reason = "No power" }
  equal(http.post("/api/admin/wallets/" .. anna.id .. "/refunds", body).status, 201)
end
local function notes(invoice)
  return http.get("/api/admin/invoices?refers_to=" .. invoice.id).body.items
end

local first, second = wallets.session(cp, "ANNA", 10000), wallets.session(cp, "ANNA", 5000)
wallets.bill_when(first, "billed")
wallets.bill_when(second, "billed")

log "before the session is invoiced: the invoice has it all, then the credit note"
refund(first, 333)
local month = os.date "!%Y-%m"
local invoice = http.post("/api/admin/invoices", { user_id = "anna", month = month }).body
matches(invoice, { total_minor = 1190 + 595, paid_minor = 1190 + 595, due_minor = 0 })
local page = http.get("/api/admin/invoices/" .. invoice.id .. "/html").text
check(page:find("Paid from balance</td><td>-17.85 EUR", 1, true) and page:find("Amount due</td><td>0.00 EUR", 1, true), page)
check(not page:find("14 days", 1, true), "nothing is to be paid")
eventually(function() return #notes(invoice) == 1 end)
local note = http.get("/api/admin/invoices/" .. notes(invoice)[1].id).body
matches(note, { total_minor = -333, tax_minor = -53, reason = "No power", transaction_id = first, user_id = "anna" })

log "after it"
refund(second)
refund(first)
eventually(function() return #notes(invoice) == 3 end)
equal(http.get("/api/admin/invoices/" .. invoice.id).body.credited_minor, 1190 + 595)
local tax = 0
for _, item in ipairs(notes(invoice)) do tax = tax + item.tax_minor end
equal(tax, -invoice.tax_minor)

log "none twice, nor after a restart"
local third = wallets.session(cp, "ANNA", 100)
wallets.bill_when(third, "billed")
server.restart()
local other = http.post("/api/admin/invoices", { user_id = "anna", month = month }).body
refund(third)
eventually(function() return #notes(other) == 1 end)
equal(#notes(invoice), 3)
check(http.get("/api/admin/invoices/check").body.sound)

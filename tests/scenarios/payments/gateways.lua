-- Two gateways at once: Stripe's, and one of another provider, whose plugin is not among those that come with Busbar.
settings { config = { payments = { check_every = "200ms" } } }
local wallets = require "wallets"
local stripe = require "stripe"

server.stop()
server.config.plugins = { "chargers", "transfer", "quirks", "transactions", "authorization", "ocpp16_core", "tariffs", "wallet", "payments",
  "payments_stripe", "rest", server.bin .. "/../tests/plugins/payments_acme.so" }
server.start()
local g = stripe.gateway()
local anna = wallets.make "anna"

local PAID = 2 -- as bb_payment_kind counts
local function told(event)
  return http { method = "POST", path = "/payments/acme/told", body = json.encode(event), key = false }
end

log "each has its own payments"
local one = stripe.checkout("anna", 500, { gateway = "acme" })
matches(one, { status = 201, body = { state = "open", gateway = "acme", url = "https://acme.example/" .. one.body.id } })
local two = stripe.checkout("anna", 700)
matches(two, { status = 201, body = { gateway = "stripe" } })
matches(stripe.checkout("anna", 20000, { gateway = "acme" }), { status = 422, body = { errors = { { path = "amount_minor", rule = "is more than Acme takes" } } } })

log "the same event id of another gateway is another event"
local money = "money-" .. one.body.id
equal(g:tell("x.y", {}, "1"), "ignored")
matches(told { event_id = "1", type = "paid", kind = PAID, payment_ref = money, amount_minor = 500, currency = "EUR" }, { status = 200, body = { outcome = 0 } })
matches(told { event_id = "1", type = "paid", kind = PAID, payment_ref = money, amount_minor = 500, currency = "EUR" }, { body = { outcome = 1 } })
equal(wallets.balance(anna), 500)
equal(wallets.entries(anna)[1].reference, "acme/" .. one.body.id)

log "what one tells does not reach the other's payments"
matches(told { event_id = "2", type = "paid", kind = PAID, payment_ref = two.body.id, amount_minor = 700, currency = "EUR" }, { body = { outcome = 2 } })
equal(g:tell("checkout.session.completed", { id = "page-" .. one.body.id, payment_status = "paid", amount_total = 500, currency = "eur" }), "unmatched")
equal(wallets.balance(anna), 500)

log "malformed"
equal(told({ type = "t", kind = PAID }).status, 503)
equal(told({ event_id = "3", type = "t", kind = 99 }).status, 503)

log "refunds"
equal(http.post("/api/admin/payments/" .. one.body.id .. "/refund", { amount_minor = 13 }).status, 202)
equal(http.post("/api/admin/payments/" .. one.body.id .. "/refund", { amount_minor = 87 }).status, 202)
eventually(function()
  local r = stripe.payment(one.body.id).refunds
  return r[1].state == "refused" and r[1].error == "Acme gives 13 back to nobody" and r[2].state == "done"
end)
equal(wallets.balance(anna), 413)

log "asked after its expiry"
local three = stripe.checkout("anna", 100, { gateway = "acme" }).body.id
server.sql("update payments set look_at = '2026-01-01T00:00:00.000Z' where id = '" .. three .. "';")
stripe.when(three, "paid")
equal(wallets.balance(anna), 513)

log "by all, if it is the one of the configuration"
server.reload { payments = { gateway = "acme" } }
equal(stripe.checkout("anna", 100).body.gateway, "acme")
equal(#http.get("/api/admin/payments?gateway=acme").body.items, 3)
equal(stripe.mismatches(), "")

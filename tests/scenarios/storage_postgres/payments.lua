-- PostgreSQL goes away: webhooks are not taken, and are credited once when it is back and they are told again.
settings { own_cluster = true }
local wallets = require "wallets"
local stripe = require "stripe"

local g = stripe.gateway()
local anna = wallets.make "anna"
local id = stripe.checkout("anna", 1000).body.id
local event = json.encode(g:event("checkout.session.completed", g:pay(id)))

server.database.stop()
local answer = stripe.send(event)
check(answer.status >= 500, "a webhook is answered with " .. answer.status)
local asked = #g.server.requests
check(stripe.checkout("anna", 500).status >= 500, "no checkout without a row")
equal(#g.server.requests, asked)

server.database.start()
eventually(function()
  return http.get("/health", nil, { key = false }).status == 200
end)
equal(stripe.send(event).body.outcome, "applied")
equal(stripe.send(event).body.outcome, "repeated")
equal(wallets.balance(anna), 1000)
equal(stripe.mismatches(), "")

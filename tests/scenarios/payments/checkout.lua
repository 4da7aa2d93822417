-- A user pays into their wallet: the page, the webhook that credits it once, and everything that must not.
local wallets = require "wallets"
local stripe = require "stripe"

local anna = wallets.make "anna"
local path = "/api/admin/users/anna/wallet/checkout"

log "not set up: no payments"
equal(stripe.checkout("anna", 500).status, 422)
local g = stripe.gateway()

log "what cannot be paid"
equal(stripe.checkout("nobody", 500).status, 404)
equal(stripe.checkout("anna", 500, { currency = "USD" }).status, 422)
equal(stripe.checkout("anna", 500, { gateway = "other" }).status, 422)
equal(stripe.checkout("anna", 0).status, 422)
equal(stripe.checkout("anna", 1.5).status, 422)
equal(#g.server.requests, 0)

log "a page"
local made = stripe.checkout("anna", 2500, { currency = "EUR" })
equal(made.status, 201, made.text)
local id = made.body.id
matches(made.body, { state = "open", amount = { amount_minor = 2500, currency = "EUR" }, user_id = "anna", gateway = "stripe" })
local session = g.by_payment[id]
equal(made.body.url, session.url)
equal(session.amount_total, 2500)
equal(session.currency, "eur")
local sent = g.server.requests[1]
equal(sent.headers["idempotency-key"], "checkout-" .. id)
check(sent.body:find("success_url=https%3A%2F%2Foperator.example%2Fpaid%3Fa%3Db", 1, true), sent.body)
check(sent.body:find("Credit%20%26%20more", 1, true), sent.body)
equal(wallets.balance(anna), 0)

log "forged, unsigned, old, from the future, by another secret, of another body: 400, and nothing happens"
local event = json.encode(g:event("checkout.session.completed", g:pay(id)))
local function refused(header, body)
  local answer = stripe.send(body or event, header)
  equal(answer.status, 400, answer.text)
end
local now = os.time()
refused(false)
refused ""
refused "t=1"
refused("t=" .. now .. ",v1=" .. ("0"):rep(64))
refused("t=" .. now .. ",v1=" .. stripe.signature(event, now):sub(1, 62))
refused("v1=" .. stripe.signature(event, now))
refused("t=" .. now .. ",t=" .. now .. ",v1=" .. stripe.signature(event, now))
refused("t=" .. now .. ",v0=" .. stripe.signature(event, now))
refused(stripe.header(event, now - 400))
refused(stripe.header(event, now + 400))
refused(stripe.header(event, now, "whsec_guessed"))
refused(stripe.header(event, now, stripe.key))
refused((stripe.header(event, now):gsub("t=%d+", "t=" .. now - 1)))
refused(stripe.header(event, now), (event:gsub("2500", "9500")))
refused(stripe.header(event, now), event .. " ")
local _, lines = server.log():gsub("a webhook from [^\n]* is refused: ", "")
check(lines >= 1 and lines <= 1 + (os.time() - now) // 10 + 1, "a line in ten seconds: " .. lines)
for _, body in ipairs { "", "{", "[]", "null", '{"id":1}', '{"id":"evt_x"}', '{"id":"evt_x","type":"t","data":{}}', '{"id":"a","id":"b"}' } do
  refused(nil, body)
end
equal(wallets.balance(anna), 0)
equal(stripe.payment(id).state, "open")
equal(#http.get("/api/admin/payments/events").body.items, 0)

log "paid: credited once, however often it is told"
equal(stripe.send(event).body.outcome, "applied")
equal(wallets.balance(anna), 2500)
equal(stripe.send(event).body.outcome, "repeated")
equal(g:tell("checkout.session.completed", session), "applied")
equal(g:tell("checkout.session.async_payment_succeeded", session), "applied")
local work = {}
for i = 1, 12 do
  work[i] = function() stripe.send(i % 2 == 0 and event or json.encode(g:event("checkout.session.completed", session))) end
end
parallel(table.unpack(work))
equal(wallets.balance(anna), 2500)
equal(#wallets.entries(anna, "&kind=top_up"), 1)
equal(wallets.entries(anna, "&kind=top_up")[1].reference, "stripe/" .. id)
matches(stripe.payment(id), { state = "paid", payment_ref = session.payment_intent, url = json.null,
  changes = { { state = "open" }, { state = "paid", amount_minor = 2500 } } })

log "two secrets while they are changed; several signatures"
server.reload { payments_stripe = { webhook_secret_old = stripe.old_secret } }
local function told_by(secret, type)
  local body = json.encode(g:event(type, {}))
  return stripe.send(body, stripe.header(body, nil, secret)).status
end
equal(told_by(stripe.old_secret, "x.y"), 200)
equal(told_by(stripe.secret, "x.y"), 200)
equal(told_by("", "x.y"), 400)
local body = json.encode(g:event("x.y", {}))
equal(stripe.send(body, "t=" .. now .. ",v1=" .. ("ab"):rep(32) .. ", v1=" .. stripe.signature(body, now)).status, 200)
server.reload { payments_stripe = { webhook_secret_old = "" } }
equal(told_by(stripe.old_secret, "x.y"), 400)

log "unknown events and those of others' payments are kept, and mean nothing"
equal(g:tell("invoice.created", { id = "in_1" }), "ignored")
equal(g:tell("checkout.session.completed", { id = "cs_of_a_shop", payment_status = "paid", amount_total = 1, currency = "eur" }), "unmatched")
equal(g:tell("checkout.session.completed", { id = "cs_of_a_shop", payment_status = "paid", amount_total = 2500, currency = "eur",
  client_reference_id = id }), "unmatched")
equal(#http.get("/api/admin/payments/events?outcome=ignored").body.items, 4)
equal(#http.get("/api/admin/payments/events?outcome=unmatched").body.items, 2)
equal(stripe.mismatches(), "")

log "another amount, another currency, another checkout: put aside, never credited"
local two = stripe.checkout("anna", 1000).body.id
local function copy(changes)
  local c = {}
  for k, v in pairs(g:pay(two)) do c[k] = v end
  for k, v in pairs(changes) do c[k] = v end
  return c
end
equal(g:tell("checkout.session.completed", copy { amount_total = 999 }), "refused")
equal(g:tell("checkout.session.completed", copy { amount_total = 1001 }), "refused")
equal(g:tell("checkout.session.completed", copy { amount_total = 0, payment_status = "no_payment_required" }), "refused")
equal(g:tell("checkout.session.completed", copy { currency = "usd" }), "refused")
equal(g:tell("checkout.session.completed", copy { currency = json.null }), "refused")
equal(g:tell("checkout.session.completed", copy { id = "cs_other" }), "refused")
equal(wallets.balance(anna), 2500)
matches(stripe.payment(two), { state = "open" })
equal(stripe.mismatches(), ("event_refused "):rep(6):sub(1, -2))
equal(g:tell("checkout.session.completed", g:pay(two)), "applied")
equal(wallets.balance(anna), 3500)

log "the webhook comes before the answer"
g.meddle = function(request, gateway)
  g.meddle = nil
  local answer = gateway:answer(request)
  equal(gateway:tell("checkout.session.completed", gateway:pay(answer.body.metadata.payment)), "applied")
  return answer
end
local three = stripe.checkout("anna", 700)
matches(three, { status = 201, body = { state = "paid" } })
equal(wallets.balance(anna), 4200)

log "refused by the gateway"
g.meddle = function() return { status = 400, body = { error = { message = "Amount too small" } } } end
local small = stripe.checkout("anna", 1)
equal(small.status, 502)
check(small.text:find "Amount too small", small.text)
g.meddle = nil
matches(http.get("/api/admin/payments?state=failed").body.items, { { reason = "Stripe has answered 400: Amount too small" } })

log "three decimals end in 0, and currencies without decimals stay whole"
wallets.make("omar", 0, { currency = "KWD" })
wallets.make("yuki", 0, { currency = "JPY" })
wallets.make("jon", 0, { currency = "ISK" })
equal(stripe.checkout("omar", 5124).status, 422)
local kwd = stripe.checkout("omar", 5120).body.id
equal(g.by_payment[kwd].amount_total, 5120)
equal(g.by_payment[stripe.checkout("yuki", 500).body.id].amount_total, 500)
local isk = stripe.checkout("jon", 500).body.id
equal(g.by_payment[isk].amount_total, 50000)
equal(g:tell("checkout.session.completed", g:pay(isk)), "applied")
matches(stripe.payment(isk), { state = "paid", amount = { amount_minor = 500, currency = "ISK" } })

log "whose it is"
server.sql "insert into operators (id, name, created_at) values ('northern', 'Northern', '2026-01-01T00:00:00.000Z');"
local north = http.post("/api/admin/keys", { name = "north", role = "operator", operator_id = "northern" }).body.key
local own = http.post("/api/admin/keys", { name = "anna", role = "user", operator_id = "default", user_id = "anna" }).body.key
equal(http.get("/api/admin/payments/" .. id, nil, { key = north }).status, 404)
equal(#http.get("/api/admin/payments", nil, { key = north }).body.items, 0)
equal(#http.get("/api/admin/payments/events", nil, { key = north }).body.items, 0)
equal(http.post("/api/admin/payments/" .. id .. "/refund", {}, { key = north }).status, 404)
equal(http.post(path, { amount_minor = 500 }, { key = north }).status, 404)
equal(http.post(path, { amount_minor = 500 }, { key = own }).status, 403)
equal(http.post("/users/omar/wallet/checkout", { amount_minor = 500 }, { key = own }).status, 404)
equal(http.post("/users/anna/wallet/checkout", { amount_minor = 500 }, { key = own }).status, 201)
equal(#http.get("/api/admin/payments?user=anna").body.items, 5)
equal(#http.get("/users/anna/payments", nil, { key = own }).body.items, 5)
equal(#http.get("/users/anna/payments?state=paid&limit=2", nil, { key = own }).body.items, 2)
matches(http.get("/users/anna/payments/" .. id, nil, { key = own }).body, { id = id, state = "paid" })
equal(http.get("/users/anna/payments/" .. id, nil, { key = own }).body.requested_by, nil)
equal(http.get("/users/anna/payments?limit=1", nil, { key = own }).body.items[1].requested_by, nil)
check(http.get("/users/anna/payments/" .. id).body.requested_by)
check(http.get("/users/anna/payments?limit=1").body.items[1].requested_by)
equal(http.get("/users/anna/payments/" .. isk, nil, { key = own }).status, 404)
equal(http.get("/users/jon/payments/" .. isk, nil, { key = own }).status, 404)
equal(http.get("/users/jon/payments", nil, { key = own }).status, 404)
equal(#http.get("/users/anna/payments", nil, { key = north }).body.items, 0)
equal(http.get("/users/anna/payments/" .. id, nil, { key = north }).status, 404)
equal(#http.get("/api/admin/payments?user=anna&state=paid").body.items, 3)
equal(http.get("/api/admin/payments/nothing").status, 404)

log "the same request again, and a body that is too large"
local with = { headers = { ["Idempotency-Key"] = "once" } }
local asked = #g.server.requests
local first, second = http.post(path, { amount_minor = 900 }, with), http.post(path, { amount_minor = 900 }, with)
equal(first.status, 201)
equal(second.body.id, first.body.id)
equal(#g.server.requests, asked + 1)
local large = (" "):rep(2 * 1024 * 1024)
local answer = try_http { method = "POST", path = "/payments/stripe/webhook", body = large, key = false, headers = { ["Stripe-Signature"] = "t=1" } }
check(not answer or answer.status == 413, answer and answer.status)

log "on the command line"
local ctl = require "ctl"
ctl.done("payments list user=anna state=paid", id .. "%s+anna%s+stripe%s+paid")
ctl.done("payments show " .. id, "payment_ref%s+" .. session.payment_intent)

log "no secret in the log"
for _, secret in ipairs { stripe.key, stripe.secret, stripe.old_secret } do
  check(not server.log():find(secret, 1, true), "a secret is in the log")
end

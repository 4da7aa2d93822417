-- What was paid is given back, by an admin or at the gateway, once.
settings { config = { payments = { check_every = "300ms" } } }
local wallets = require "wallets"
local stripe = require "stripe"

local g = stripe.gateway()
local anna = wallets.make "anna"

local function paid(amount)
  local id = stripe.checkout("anna", amount).body.id
  equal(g:tell("checkout.session.completed", g:pay(id)), "applied")
  return id
end
local function refund(id, amount, fields)
  fields = fields or {}
  fields.amount_minor = amount
  return http.post("/api/admin/payments/" .. id .. "/refund", next(fields) and fields or json.decode "{}")
end
local function debit(amount)
  return http.post("/api/admin/wallets/" .. anna.id .. "/debits", { amount_minor = amount, reason = "spent" }).status
end
local function refunds_when(id, states)
  return eventually(function()
    local found = {}
    for _, r in ipairs(stripe.payment(id).refunds) do found[#found + 1] = r.state end
    return table.concat(found, " ") == states
  end)
end

log "not before it is paid"
local open = stripe.checkout("anna", 100).body.id
equal(refund(open, 50).status, 409)

log "a part: taken from the wallet at once, given back once"
local id = paid(1000)
local answer = refund(id, 300, { reason = "mistake" })
equal(answer.status, 202, answer.text)
equal(wallets.balance(anna), 700)
refunds_when(id, "done")
equal(#g.refunds, 1)
matches(g.refunds[1], { amount = 300, payment_intent = g.by_payment[id].payment_intent })
equal(g:tell("charge.refunded", g:charge(id, 300)), "applied")
equal(wallets.balance(anna), 700)
matches(stripe.payment(id), { state = "paid", taken_back = { amount_minor = 300 }, refunds = { { reason = "mistake", state = "done" } } })

log "never more than is left, by many at once"
equal(refund(id, 701).status, 422)
local done, work = 0, {}
for i = 1, 10 do
  work[i] = function()
    local status = refund(id, 100).status
    if status == 202 then done = done + 1 end
    check(status == 202 or status == 422, status)
  end
end
parallel(table.unpack(work))
equal(done, 7)
equal(wallets.balance(anna), 0)
refunds_when(id, ("done "):rep(8):sub(1, -2))
equal(#g.refunds, 8)
equal(g.by_payment[id].refunded, 1000)
matches(stripe.payment(id), { state = "refunded" })
equal(refund(id).status, 409)
equal(g:tell("charge.refunded", g:charge(id, 1000)), "applied")
equal(wallets.balance(anna), 0)

log "what was spent is not refunded"
id = paid(1000)
equal(debit(800), 201)
equal(refund(id, 201).status, 409)
equal(wallets.balance(anna), 200)
equal(#stripe.payment(id).refunds, 0)
equal(refund(id, 200).status, 202)
refunds_when(id, "done")
equal(wallets.balance(anna), 0)

log "refused by the gateway: back to the wallet"
id = paid(500)
g.refuse_refunds = true
equal(refund(id).status, 202)
refunds_when(id, "refused")
matches(stripe.payment(id), { state = "paid", taken_back = { amount_minor = 0 } })
equal(wallets.balance(anna), 500)
g.refuse_refunds = nil

log "a refund whose answer was lost is asked for under the same key, and done once"
local before = #g.refunds
g.meddle = function(request, gateway)
  if request.path == "/v1/refunds" then
    g.meddle = nil
    gateway:answer(request)
    return false
  end
end
equal(refund(id, 200).status, 202)
refunds_when(id, "refused done")
equal(#g.refunds, before + 1)
equal(wallets.balance(anna), 300)

log "a refund that comes to nothing later"
local last = g.refunds[#g.refunds]
last.status = "failed"
g:tell("charge.refunded", g:charge(id, 200))
g:tell("refund.failed", last)
g:tell("charge.refund.updated", last)
refunds_when(id, "refused returned")
equal(wallets.balance(anna), 500)

log "made at the gateway, of money that was spent: it waits, and is seen"
equal(debit(450), 201)
id = paid(400)
equal(wallets.balance(anna), 450)
equal(debit(250), 201)
g:tell("charge.refunded", g:charge(id, 400))
matches(stripe.payment(id), { state = "refunded", taken_back = { amount_minor = 400 } })
equal(wallets.balance(anna), 200)
local missing = http.get("/api/admin/payments/mismatches").body.items
matches(missing, { { kind = "posting_missing", payment_id = id, expected_minor = -400, found_minor = json.null } })
equal(http.post("/api/admin/wallets/" .. anna.id .. "/top-ups", { amount_minor = 300 }).status, 201)
eventually(function()
  return wallets.balance(anna) == 100
end)
equal(stripe.mismatches(), "")

log "a posting that somebody has made up, and one that was changed"
server.sql("update wallet_journals set amount_minor = 999 where reference = 'stripe/" .. id .. "';")
equal(stripe.mismatches(), "posting_differs")
server.sql("update wallet_journals set amount_minor = 400 where reference = 'stripe/" .. id .. "';")
server.sql("update wallet_journals set made_by = 'payments' where kind = 'debit' and amount_minor = -250;")
equal(stripe.mismatches(), "posting_unknown")

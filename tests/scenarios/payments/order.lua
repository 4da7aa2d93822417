-- Whatever comes first: the end is the same.
settings { config = { payments = { check_every = "300ms" } } }
local wallets = require "wallets"
local stripe = require "stripe"

local g = stripe.gateway()
local users = 0

-- A payment of a new user, that has been paid at the gateway.
local function payment(amount)
  users = users + 1
  local wallet = wallets.make("user" .. users)
  local id = stripe.checkout("user" .. users, amount).body.id
  g:pay(id)
  return id, wallet
end

local function orders(n)
  if n == 0 then
    return { {} }
  end
  local all = {}
  for _, order in ipairs(orders(n - 1)) do
    for at = 1, n do
      local longer = table.move(order, 1, #order, 1, {})
      table.insert(longer, at, n)
      all[#all + 1] = longer
    end
  end
  return all
end

local function tell_in(order, events)
  for _, i in ipairs(order) do
    g:tell(events[i][1], events[i][2], events[i][3])
  end
end

log "paid, expired, refunded in part: all orders, each twice"
for n, order in ipairs(orders(3)) do
  local id, wallet = payment(1000)
  local events = {
    { "checkout.session.completed", g.by_payment[id], "evt_a" .. n },
    { "checkout.session.expired", g.by_payment[id], "evt_b" .. n },
    { "charge.refunded", g:charge(id, 300), "evt_c" .. n },
  }
  tell_in(order, events)
  tell_in(order, events)
  matches(stripe.payment(id), { state = "paid", refunded = { amount_minor = 300 }, taken_back = { amount_minor = 300 } })
  equal(wallets.balance(wallet), 700)
end

log "refunds that are told out of order: the largest sum counts"
local id, wallet = payment(1000)
tell_in({ 1, 2, 3 }, { { "charge.refunded", g:charge(id, 900) }, { "charge.refunded", g:charge(id, 300) }, { "checkout.session.completed", g.by_payment[id] } })
equal(wallets.balance(wallet), 100)
equal(g:tell("charge.refunded", g:charge(id, 1001)), "refused")
equal(g:tell("charge.refunded", g:charge(id, 1000)), "applied")
matches(stripe.payment(id), { state = "refunded" })
equal(wallets.balance(wallet), 0)

log "a dispute that is told before the payment it names is known, and its end before that"
for n, order in ipairs(orders(3)) do
  local disputed, of = payment(1000)
  tell_in(order, {
    { "checkout.session.completed", g.by_payment[disputed] },
    { "charge.dispute.created", g:dispute(disputed, "needs_response") },
    { "charge.dispute.closed", g:dispute(disputed, n % 2 == 0 and "won" or "lost") },
  })
  local won = n % 2 == 0
  eventually(function()
    local p = stripe.payment(disputed)
    return p.state == (won and "paid" or "disputed") and p.dispute == (won and "won" or "lost") and wallets.balance(of) == (won and 1000 or 0)
  end)
end
eventually(function()
  return #http.get("/api/admin/payments/events?outcome=unmatched").body.items == 0
end)

log "a payment that is disputed again after the first dispute was won, in any order; and an end that is all that was told"
for _, order in ipairs(orders(4)) do
  local disputed, of = payment(1000)
  g:tell("checkout.session.completed", g.by_payment[disputed])
  tell_in(order, {
    { "charge.dispute.created", g:dispute(disputed, "needs_response", 1000, "du_a") },
    { "charge.dispute.closed", g:dispute(disputed, "won", 1000, "du_a") },
    { "charge.dispute.created", g:dispute(disputed, "needs_response", 600, "du_b") },
    { "charge.dispute.closed", g:dispute(disputed, "lost", 600, "du_b") },
  })
  local shown = stripe.payment(disputed)
  matches(shown, { state = "disputed", dispute = "lost", disputed = { amount_minor = 600 }, taken_back = { amount_minor = 600 } })
  equal(#shown.disputes, 2)
  equal(wallets.balance(of), 400)
end
local late, late_wallet = payment(1000)
equal(g:tell("charge.dispute.closed", g:dispute(late, "lost", 250)), "unmatched")
g:tell("checkout.session.completed", g.by_payment[late])
eventually(function()
  return wallets.balance(late_wallet) == 750
end)

log "money that comes later, or does not"
id, wallet = payment(500)
local session = g:pay(id, "unpaid")
equal(g:tell("checkout.session.completed", session), "applied")
matches(stripe.payment(id), { state = "open" })
equal(wallets.balance(wallet), 0)
session.payment_status = "paid"
g:tell("checkout.session.async_payment_succeeded", session)
equal(wallets.balance(wallet), 500)
id, wallet = payment(500)
g:tell("checkout.session.async_payment_failed", g:pay(id, "unpaid"))
matches(stripe.payment(id), { state = "failed" })
equal(wallets.balance(wallet), 0)

log "all of them at once"
local ids, work = {}, {}
for i = 1, 10 do
  local one, of = payment(1000)
  ids[one] = of
  for _, event in ipairs { { "checkout.session.completed", g.by_payment[one] }, { "charge.refunded", g:charge(one, 400) },
    { "charge.refunded", g:charge(one, 100) }, { "checkout.session.expired", g.by_payment[one] },
    { "charge.dispute.created", g:dispute(one, "needs_response", 250) } } do
    for _ = 1, 2 do
      work[#work + 1] = function() g:tell(event[1], event[2]) end
    end
  end
end
parallel(table.unpack(work))
for one, of in pairs(ids) do
  eventually(function()
    return wallets.balance(of) == 350
  end)
  matches(stripe.payment(one), { state = "disputed", taken_back = { amount_minor = 650 } })
end
local kinds = stripe.mismatches()
equal(kinds, "event_refused")

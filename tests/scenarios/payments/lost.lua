-- The gateway is slow, broken or cut off, and the server is killed in between: nobody pays twice, and what was paid is credited once.
settings { config = { payments = { check_every = "200ms", look_after = "1500ms" }, payments_stripe = { timeout = "1s" } } }
local wallets = require "wallets"
local stripe = require "stripe"

local g = stripe.gateway()
local anna = wallets.make "anna"

-- How often a checkout was asked for under each key; every key must have made one session at most.
local function sessions()
  local count = 0
  for _ in pairs(g.sessions) do count = count + 1 end
  return count
end
local function posts()
  return g.server:got "/v1/checkout/sessions"
end

local CUT = "the line is cut before the answer"
local function lost(what, meddle)
  log(what)
  local before, asked = sessions(), #posts()
  local first
  g.meddle = function(request, gateway)
    -- A request on a line that had been kept is sent once more by the client itself when that is cut.
    if first and (what ~= CUT or #posts() > asked + 2) then
      g.meddle = nil
      return
    end
    first = true
    return meddle(request, gateway)
  end
  local made = stripe.checkout("anna", 1000)
  equal(made.status, 202, made.text)
  matches(made.body, { state = "created", url = json.null })
  local p = stripe.when(made.body.id, "open")
  equal(sessions(), before + 1)
  equal(p.url, g.by_payment[p.id].url)
  local requests = posts()
  check(#requests >= asked + 2)
  for i = asked + 2, #requests do
    equal(requests[i].headers["idempotency-key"], requests[asked + 1].headers["idempotency-key"])
    equal(requests[i].body, requests[asked + 1].body)
  end
  local balance = wallets.balance(anna)
  equal(g:tell("checkout.session.completed", g:pay(p.id)), "applied")
  equal(wallets.balance(anna), balance + 1000)
end

lost("500", function() return { status = 500, body = "oops" } end)
lost("429", function() return { status = 429, body = { error = { message = "slow down" } } } end)
lost("it answers what nobody can read", function() return { status = 200, body = "<html>" } end)
lost(CUT, function(request, gateway)
  gateway:answer(request)
  return false
end)
lost("it takes too long", function(request, gateway)
  local answer = gateway:answer(request)
  wait(2)
  return answer
end)

log "paid while the answer is lost"
local balance = wallets.balance(anna)
g.meddle = function(request, gateway)
  g.meddle = nil
  local answer = gateway:answer(request)
  gateway:tell("checkout.session.completed", gateway:pay(answer.body.metadata.payment))
  return false
end
local made = stripe.checkout("anna", 1000)
equal(made.body.state, "paid")
equal(wallets.balance(anna), balance + 1000)

log "kill -9 between the row and the answer"
for i = 1, 3 do
  local before, id = sessions()
  g.meddle = function(request, gateway)
    g.meddle = nil
    local answer = gateway:answer(request)
    id = answer.body.metadata.payment
    server.kill()
    return answer
  end
  try_http { method = "POST", path = "/api/admin/users/anna/wallet/checkout", body = { amount_minor = 1000 } }
  eventually(function() return id and not server.running() end)
  server.start()
  if i == 2 then -- the payer is faster than the task
    g:tell("checkout.session.completed", g:pay(id))
  else
    stripe.when(id, "open")
    g:tell("checkout.session.completed", g:pay(id))
  end
  g:tell("checkout.session.completed", g:pay(id))
  equal(sessions(), before + 1)
  equal(wallets.balance(anna), balance + 1000 + 1000 * i)
end

log "many at once: a few are asked for at a time, and all get their page"
g.meddle = function() return { status = 503, body = "" } end
local many = {}
for i = 1, 10 do
  many[i] = stripe.checkout("anna", 100).body.id
end
local now_asked, most = 0, 0
g.meddle = function(request, gateway)
  now_asked = now_asked + 1
  most = math.max(most, now_asked)
  wait(0.3)
  now_asked = now_asked - 1
end
for _, id in ipairs(many) do stripe.when(id, "open") end
g.meddle = nil
check(most <= 4, most .. " were asked for at once")

log "an orderly stop while the gateway is slow"
local under_way
g.meddle = function(request, gateway)
  g.meddle = nil
  local answer = gateway:answer(request)
  under_way = answer.body.metadata.payment
  wait(1)
  return answer
end
spawn(try_http, { method = "POST", path = "/api/admin/users/anna/wallet/checkout", body = { amount_minor = 1000 } })
eventually(function() return under_way end)
server.stop()
server.start()
stripe.when(under_way, "open")
equal(stripe.payment(under_way).url, g.by_payment[under_way].url)

log "kill -9 between webhooks and their commit"
local ids, bodies = {}, {}
for i = 1, 40 do
  ids[i] = stripe.checkout("anna", 100).body.id
  bodies[i] = json.encode(g:event("checkout.session.completed", g:pay(ids[i])))
end
balance = wallets.balance(anna)
local answered, work = 0, {}
for i = 1, #bodies do
  work[i] = function()
    local answer = try_http { method = "POST", path = "/payments/stripe/webhook", body = bodies[i], key = false,
      headers = { ["Stripe-Signature"] = stripe.header(bodies[i]) } }
    if answer and answer.status == 200 then
      answered = answered + 1
      if answered == 7 then server.kill() end
    end
  end
end
parallel(table.unpack(work))
eventually(function() return not server.running() end)
server.start()
local credited = (wallets.balance(anna) - balance) // 100
check(credited >= answered, credited .. " are credited, " .. answered .. " were answered")
for i = 1, #bodies do
  equal(stripe.send(bodies[i]).status, 200)
end
equal(wallets.balance(anna), balance + 100 * #bodies)
equal(stripe.mismatches(), "")

log "kill -9 while a refund is under way"
g.meddle = function(request, gateway)
  if request.path == "/v1/refunds" then
    g.meddle = nil
    gateway:answer(request)
    server.kill()
    return false
  end
end
balance = wallets.balance(anna)
try_http { method = "POST", path = "/api/admin/payments/" .. ids[1] .. "/refund", body = { amount_minor = 60 } }
eventually(function() return not server.running() end)
server.start()
server.sql "update tasks set claimed_until = null where name = 'payments_refund';" -- its claim lapses after five minutes
eventually(function()
  return (stripe.payment(ids[1]).refunds[1] or {}).state == "done"
end)
equal(#g.refunds, 1)
equal(wallets.balance(anna), balance - 60)

log "a payment whose webhook never came is asked for after its expiry"
local function expire(id)
  server.sql("update payments set look_at = '2026-01-01T00:00:00.000Z', expires_at = '2026-01-01T00:00:00.000Z' where id = '" .. id .. "';")
end
balance = wallets.balance(anna)
local paid = stripe.checkout("anna", 500).body.id
g:pay(paid)
local left = stripe.checkout("anna", 500).body.id
g.by_payment[left].status = "expired"
equal(stripe.mismatches(), "")
g.meddle = function() return { status = 500, body = "" } end
expire(paid)
expire(left)
eventually(function() return stripe.mismatches() == "no_answer no_answer" end)
g.meddle = nil
stripe.when(paid, "paid")
stripe.when(left, "expired")
equal(wallets.balance(anna), balance + 500)
equal(stripe.mismatches(), "")
equal(#http.get("/api/admin/tasks?state=dead").body.items, 0)

-- Everything that moves money at once, while the server is killed, the database stopped and the disk full: afterwards ledger, sessions,
-- invoices, payments and what was told of them are as one.
settings { own_cluster = true, config = {
  payments = { check_every = "200ms", look_after = "1500ms" }, payments_stripe = { timeout = "2s" },
  notifications = { timeout = "2s", backoff = "100ms", longest_backoff = "500ms", disable_after = "0" },
  transfer = { allow = "127.0.0.1" }, invoices = { look_every = "1s" },
} }
local wallets = require "wallets"
local stripe = require "stripe"
local SECONDS, CHARGERS, USERS = tonumber(os.getenv "STORM_SECONDS" or "8"), 8, 5

-- Now and then a receiver or the gateway fails.
local receiver = http_server {
  answer = function()
    return math.random() < 0.02 and { status = 503 } or nil
  end,
}
local g = stripe.gateway()
g.meddle = function(request)
  local x = math.random()
  if x < 0.05 then
    return { status = 500, body = "x" }
  elseif x < 0.08 then
    g:answer(request) -- done, and the answer is lost
    return false
  end
end
equal(http.post("/api/admin/subscriptions", { channel = "webhook", target = receiver.url, events = { "session.*" } }).status, 201)
equal(http.put("/api/admin/invoices/issuer", { legal_name = "ACME", address = { "Here" }, tax_id = "DE1", receipts = true }).status, 200)
wallets.tariff { price_per_kwh_minor = 37, tax_percent = 19 }
local users, chargers = {}, {}
for i = 1, USERS do
  users[i] = wallets.make("user" .. i, i == 1 and 3000 or 1000000) -- the first one's is soon used up
  equal(http.put("/api/admin/invoices/recipients/user" .. i, { name = "N", address = { "There" } }).status, 200)
end
for i = 1, CHARGERS do
  local id = ("STORM%02d"):format(i)
  seed.charger(id)
  wallets.token(id, i < CHARGERS and "user" .. (i % USERS + 1) or "nobody")
  local cp = charger { id = id, silent = true, timeout = 120 }
  cp.configuration.TransactionMessageAttempts, cp.configuration.TransactionMessageRetryInterval = "30", "1"
  cp:connect()
  cp:boot()
  chargers[i] = cp
end

local deadline, held = os.time() + SECONDS, false
local stops, count, top_ups = 0, 0, {}
local function over()
  return os.time() >= deadline
end
local function up()
  eventually(function()
    return not held
  end, 120)
end
local function ask(method, path, body, headers)
  up()
  return try_http { method = method, path = path, body = body, headers = headers, key = headers and false or nil }
end
-- The same again until it is answered.
local function insist(...)
  while true do
    local answer = ask(...)
    if answer and answer.status < 500 then
      return answer
    end
    wait(0.05)
  end
end
local function any(path)
  local page = ask("GET", path)
  local items = page and page.status == 200 and page.body.items or {}
  return items[math.random(math.max(1, #items))]
end
local function back(cp)
  repeat
    up()
    if not cp.connected then
      pcall(cp.reconnect, cp, 30)
    end
  until cp.connected
end

local function sessions_of(cp)
  while not over() do
    back(cp)
    local at = 60 * stops
    local s = cp:start { connector = 1, id_tag = cp.id, meter_start = 0, timestamp = now(-7200 + at / 10) }
    back(cp)
    s:stop { meter_stop = 1000 * math.random(2, 30), timestamp = now(-7190 + at / 10) }
    stops = stops + 1
    wait(math.random(100, 600) / 1000)
  end
  back(cp)
  cp:flush(120)
end
local function top_up()
  while not over() do
    count = count + 1
    local user, amount, reference = users[math.random(USERS)], math.random(1, 5000), "storm-" .. count
    insist("POST", "/api/admin/wallets/" .. user.id .. "/top-ups", { amount_minor = amount, reference = reference })
    top_ups[#top_ups + 1] = { user = user, amount = amount, reference = reference }
  end
end
local function pay()
  while not over() do
    local made = ask("POST", "/api/admin/users/user" .. math.random(USERS) .. "/wallet/checkout", { amount_minor = 100 * math.random(1, 90) })
    local id = made and (made.status == 201 or made.status == 202) and made.body.id
    if id and pcall(eventually, function() return g.by_payment[id] end, 20) then
      local body = json.encode(g:event("checkout.session.completed", g:pay(id)))
      for _ = 1, 2 do
        insist("POST", "/payments/stripe/webhook", body, { ["Stripe-Signature"] = stripe.header(body) })
      end
      ask("POST", "/api/admin/payments/" .. id .. "/refund", { amount_minor = math.random(1, 99) })
    end
    wait(0.05)
  end
end
local function refund_and_invoice()
  while not over() do
    local bill = any "/api/admin/bills?state=billed&limit=50"
    if bill then
      count = count + 1
      local session = { transaction_id = bill.transaction_id }
      ask("POST", "/api/admin/invoices", session)
      session.amount_minor, session.reason, session.reference = math.random(1, 50), "r", "refund-" .. count
      ask("POST", "/api/admin/wallets/" .. bill.wallet_id .. "/refunds", session)
    end
    wait(0.05)
  end
end

local function kill()
  server.kill()
  wallets.let_claims_lapse()
  server.start()
end
local function fill_disk()
  local log_file = assert(io.open(server.folder .. "/busbar.db-wal"))
  local size = log_file:seek "end"
  log_file:close()
  local function limit(bytes)
    equal(program { "prlimit", "--pid", tostring(server.pid()), "--fsize=" .. bytes .. ":" }, 0)
  end
  limit(size + 16384)
  wait(1)
  limit "unlimited"
end
local function stop_database()
  server.database.stop()
  wait(0.5)
  server.database.start()
end
local troubles = { kill, server.engine == "sqlite" and fill_disk or stop_database }
local function trouble()
  for turn = 0, math.huge do
    wait(math.random(1500, 3000) / 1000)
    if over() then
      return
    end
    local what = troubles[turn % #troubles + 1]
    held = what == kill
    what()
    held = false
  end
end

local work = { top_up, pay, pay, refund_and_invoice, trouble }
for _, cp in ipairs(chargers) do
  work[#work + 1] = function() sessions_of(cp) end
end
parallel(table.unpack(work))
g.meddle = nil
wallets.let_claims_lapse() -- of tasks whose outcome could not be stored, which would else be claimed for five minutes
log("%d sessions, %d top-ups", stops, #top_ups)

local function all(path)
  local items, cursor = {}, nil
  repeat
    local page = http.get(path .. "limit=500" .. (cursor and "&cursor=" .. cursor or "")).body
    table.move(page.items, 1, #page.items, #items + 1, items)
    cursor = page.next_cursor ~= json.null and page.next_cursor
  until not cursor
  return items
end
local function nothing(path)
  return #http.get(path .. "&limit=1").body.items == 0
end
eventually(function()
  return nothing "/api/admin/transactions?state=active" and nothing "/api/admin/tasks?state=waiting"
    and #http.get("/api/admin/bills?limit=500").body.items >= math.min(500, stops) and nothing "/api/admin/deliveries?state=waiting"
end, 120)
check(nothing "/api/admin/tasks?state=dead", "no task was given up")

log "ledger, bills and sessions"
local transactions, bills = all "/api/admin/transactions?", {}
equal(#transactions, stops)
for _, bill in ipairs(all "/api/admin/bills?") do bills[bill.transaction_id] = bill end
for _, t in ipairs(transactions) do
  local bill = check(bills[t.id], "no bill of " .. t.id)
  local amount, refunded = bill.amount.amount_minor, bill.refunded.amount_minor
  local whole = refunded > 0 and refunded == amount and bill.owed.amount_minor == 0
  check(bill.state == (whole and "refunded" or "billed") and refunded <= amount and amount == t.price.amount_minor or bill.reason ~= json.null, show(bill))
end
local ledger = http.get("/api/admin/wallets/reconciliation").body
check(ledger.ok, show(ledger))
for _, user in ipairs(users) do
  local posted = {}
  for _, entry in ipairs(all("/api/admin/wallets/" .. user.id .. "/entries?account=wallet&kind=top_up&")) do posted[entry.reference] = entry end
  for _, t in ipairs(top_ups) do
    check(t.user ~= user or posted[t.reference].amount.amount_minor == t.amount, t.reference)
  end
  equal(wallets.now(user).held.amount_minor, 0)
end

log "invoices and payments"
local numbers = http.get("/api/admin/invoices/check").body
check(numbers.sound, show(numbers))
eventually(function()
  return stripe.mismatches() == ""
end, 30)

log "what was told: each fact, in order"
local last, told = 0, {}
for _, request in ipairs(receiver.requests) do
  local id, event = tonumber(request.json.id:match "%d+"), request.json
  check(id >= last or told[id], "event " .. id .. " after " .. last)
  local fact = event.event .. event.data.transaction_id
  check(not told[fact] or told[fact] == id, fact .. " is two events")
  check(event.event ~= "session.stopped" or told["session.started" .. event.data.transaction_id], fact .. " comes too early")
  last, told[id], told[fact] = math.max(last, id), true, id
end
for _, t in ipairs(transactions) do
  check(told["session.started" .. t.id] and told["session.stopped" .. t.id], "session " .. t.id)
  check(bills[t.id].state == "unbilled" or told["session.billed" .. t.id], "the bill of " .. t.id)
end

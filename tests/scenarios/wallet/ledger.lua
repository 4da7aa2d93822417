-- Wallets and what is posted to them: pairs of entries, each posting once, nobody below their limit.
local function wallet_of(user, fields)
  fields = fields or {}
  fields.user_id, fields.currency = user, fields.currency or "EUR"
  local made = http.post("/api/admin/wallets", fields)
  equal(made.status, 201, made.text)
  return made.body
end
local function balance(w)
  return http.get("/api/admin/wallets/" .. w.id).body.balance.amount_minor
end
local function post(w, what, body, headers)
  return http.post("/api/admin/wallets/" .. w.id .. "/" .. what, body, headers and { headers = headers })
end
local function get(path, key)
  return http { method = "GET", path = path, key = key }
end
local function entries(w, filter)
  return http.get("/api/admin/wallets/" .. w.id .. "/entries" .. (filter or "")).body.items
end

log "a wallet"
local anna = wallet_of "anna"
matches(anna, { operator_id = "default", user_id = "anna", mode = "prepaid", credit_limit_minor = 0, low_balance_minor = json.null,
  balance = { amount_minor = 0, currency = "EUR" }, available = { amount_minor = 0, currency = "EUR" } })
equal(http.post("/api/admin/wallets", { user_id = "anna", currency = "EUR" }).status, 409)
equal(http.post("/api/admin/wallets", { user_id = "ben" }).status, 422)
equal(http.post("/api/admin/wallets", { user_id = "ben", currency = "EUR", operator_id = "nobody" }).status, 422)
equal(http.get("/api/admin/users/anna/wallet").body.id, anna.id)
equal(http.get("/api/admin/users/ben/wallet").status, 404)
equal(#http.get("/api/admin/wallets?user=anna").body.items, 1)

equal(http.post("/api/admin/wallets", { user_id = "ben", currency = "XYZ" }).status, 422)

log "a top-up is a pair of entries"
local first = post(anna, "top-ups", { amount_minor = 2500, reference = "cash-1" })
equal(first.status, 201, first.text)
matches(first.body, { kind = "top_up", reference = "cash-1", amount = { amount_minor = 2500, currency = "EUR" },
  balance_after = { amount_minor = 2500 }, entries = { { account = "wallet", amount = { amount_minor = 2500 } },
  { account = "cash", amount = { amount_minor = -2500 } } } })
equal(balance(anna), 2500)
matches(entries(anna, "?account=cash"), { { account = "cash", amount = { amount_minor = -2500 }, balance_after = { amount_minor = 2500 } } })

log "a second time it changes nothing"
local again = post(anna, "top-ups", { amount_minor = 2500, reference = "cash-1" })
equal(again.status, 200)
equal(again.body.journal_id, first.body.journal_id)
equal(post(anna, "top-ups", { amount_minor = 2600, reference = "cash-1" }).status, 409)
local carl = wallet_of "carl"
equal(post(carl, "top-ups", { amount_minor = 2500, reference = "cash-1" }).status, 409)
equal(balance(anna), 2500)
equal(balance(carl), 0)
equal(#entries(anna), 2)

log "and under one Idempotency-Key"
for _ = 1, 2 do
  equal(post(anna, "top-ups", { amount_minor = 100 }, { ["Idempotency-Key"] = "one" }).status, 201)
end
equal(balance(anna), 2600)

log "debits and adjustments"
equal(post(anna, "debits", { amount_minor = 600 }).status, 422)
matches(post(anna, "debits", { amount_minor = 600, reason = "a card" }), { status = 201, body = { amount = { amount_minor = -600 },
  entries = { { account = "wallet", amount = { amount_minor = -600 } }, { account = "revenue", amount = { amount_minor = 600 } } } } })
equal(post(anna, "adjustments", { amount_minor = 0, reason = "none" }).status, 422)
equal(post(anna, "adjustments", { amount_minor = 5 }).status, 422)
equal(post(anna, "adjustments", { amount_minor = -500, reason = "a mistake", currency = "SEK" }).status, 422)
matches(post(anna, "adjustments", { amount_minor = -500, reason = "a mistake" }), { status = 201, body = { reason = "a mistake" } })
equal(balance(anna), 1500)
equal(post(anna, "debits", { amount_minor = 1501, reason = "too much" }).status, 409)
equal(post(anna, "debits", { amount_minor = 1500, reason = "all of it" }).status, 201)
equal(balance(anna), 0)
equal(post(anna, "top-ups", { amount_minor = -5 }).status, 422)
equal(post(anna, "top-ups", { amount_minor = 1e13 }).status, 422)

log "settings"
local got = http.get("/api/admin/wallets/" .. anna.id)
local path = "/api/admin/wallets/" .. anna.id
equal(http.put(path, { credit_limit_minor = 300 }, { headers = { ["If-Match"] = '"2020-01-01T00:00:00.000Z"' } }).status, 412)
matches(http.put(path, { credit_limit_minor = 300, low_balance_minor = -100 }, { headers = { ["If-Match"] = got.headers.etag } }),
  { status = 200, body = { credit_limit_minor = 300, low_balance_minor = -100, mode = "prepaid", available = { amount_minor = 300 } } })
equal(http.put(path, { currency = "SEK" }).status, 422)
matches(http.put(path, { credit_limit_minor = json.null }), { status = 200, body = { credit_limit_minor = 0 } })
matches(http.put(path, { mode = "postpaid", credit_limit_minor = json.null }),
  { status = 200, body = { mode = "postpaid", credit_limit_minor = json.null, available = json.null } })
equal(post(anna, "debits", { amount_minor = 100000, reason = "on credit" }).status, 201)
equal(balance(anna), -100000)
local audit = http.get("/api/admin/audit?path=" .. escape(path)).body.items[1]
matches(audit, { method = "PUT", before = { mode = "prepaid" }, after = { mode = "postpaid" } })

log "many at once: nobody goes below the limit, nothing is lost"
equal(post(carl, "top-ups", { amount_minor = 1000 }).status, 201)
local done, refused, work = 0, 0, {}
for i = 1, 40 do
  work[i] = function()
    local status = i % 4 == 0 and post(carl, "top-ups", { amount_minor = 10, reference = "many-" .. i % 8 }).status
      or post(carl, "debits", { amount_minor = 100, reason = "many" }).status
    if i % 4 ~= 0 then
      if status == 201 then done = done + 1 else equal(status, 409) refused = refused + 1 end
    end
  end
end
parallel(table.unpack(work))
equal(done, 10)
equal(refused, 20)
equal(balance(carl), 20)

log "another operator's is not there"
server.sql "insert into operators (id, name, created_at) values ('north', 'North', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "north", role = "operator", operator_id = "north" }).body.key
for _, tail in ipairs { "", "/entries" } do
  equal(get("/api/admin/wallets/" .. carl.id .. tail, key).status, 404)
end
equal(http.post("/api/admin/wallets/" .. carl.id .. "/top-ups", { amount_minor = 1 }, { key = key }).status, 404)
equal(#get("/api/admin/wallets", key).body.items, 0)
equal(get("/api/admin/users/carl/wallet", key).status, 404)

log "a driver sees their own"
local own = http.post("/api/admin/keys", { name = "anna", role = "user", operator_id = "default", user_id = "anna" }).body.key
equal(get("/users/anna/wallet", own).body.balance.amount_minor, -100000)
check(#get("/users/anna/wallet/entries?account=wallet", own).body.items > 4)
equal(get("/users/carl/wallet", own).status, 404)
equal(get("/api/admin/wallets", own).status, 403)
equal(post(carl, "top-ups", { amount_minor = 1 }).status, 201)

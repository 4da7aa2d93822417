-- What stories of wallets share.
local wallets = {}

function wallets.get(path, key)
  return http { method = "GET", path = path, key = key }
end

-- A wallet with money on it.
function wallets.make(user, amount_minor, fields)
  fields = fields or {}
  fields.user_id, fields.currency = user, fields.currency or "EUR"
  local made = http.post("/api/admin/wallets", fields)
  equal(made.status, 201, made.text)
  if (amount_minor or 0) > 0 then
    equal(http.post("/api/admin/wallets/" .. made.body.id .. "/top-ups", { amount_minor = amount_minor }).status, 201)
  end
  return made.body
end

function wallets.now(w)
  return http.get("/api/admin/wallets/" .. w.id).body
end

function wallets.balance(w)
  return wallets.now(w).balance.amount_minor
end

function wallets.entries(w, filter)
  return http.get("/api/admin/wallets/" .. w.id .. "/entries?account=wallet" .. (filter or "")).body.items
end

-- A flat tariff for all of the operator's.
function wallets.tariff(settings, currency)
  local made = http.post("/api/admin/tariffs", { name = "Flat " .. (currency or "EUR"), currency = currency or "EUR", bundled = "flat",
    settings = settings })
  equal(made.status, 201, made.text)
  equal(http.put("/api/admin/tariffs/" .. made.body.id .. "/assignment", json.decode "{}").status, 200)
  return made.body
end

function wallets.token(id_tag, user)
  local made = http.post("/api/admin/tokens", { id_tag = id_tag, user_id = user })
  equal(made.status, 201, made.text)
end

-- A session from its start to its stop; the transaction's id.
function wallets.session(cp, id_tag, energy_wh, fields)
  local start = { connector = 1, id_tag = id_tag, meter_start = 0 }
  for k, v in pairs(fields or {}) do start[k] = v end
  local s = cp:start(start)
  s:stop { meter_stop = energy_wh }
  return s.id
end

function wallets.bill(id)
  return eventually(function()
    local got = http.get("/api/admin/transactions/" .. id .. "/bill")
    return got.status == 200 and got.body
  end)
end

-- When it has come to that state.
function wallets.bill_when(id, state, reason)
  return eventually(function()
    local got = http.get("/api/admin/transactions/" .. id .. "/bill").body
    return got.state == state and (not reason or got.reason == reason) and got
  end)
end

-- On PostgreSQL a node's claims of tasks lapse five minutes after its death. Between a kill and the next start.
function wallets.let_claims_lapse()
  if server.engine == "postgres" then
    server.sql "update tasks set claimed_until = null where state = 'waiting'"
  end
end

return wallets

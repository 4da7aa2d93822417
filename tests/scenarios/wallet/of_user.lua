-- A user's wallet by the user's id, and a wallet that was made by mistake.
server.sql [[insert into operators (id, name, time_zone, currency, created_at) values ('other', 'Other', 'UTC', 'EUR', '2026-01-01T00:00:00.000Z')]]
local path = "/api/admin/users/anna/wallet"
local other = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key
local driver = http.post("/api/admin/keys", { name = "anna", role = "user", user_id = "anna" }).body.key

equal(http.get(path).status, 404)
equal(http.post(path, { currency = "EUR", user_id = "bert" }).status, 422)
local made = http.post(path, { currency = "EUR" })
equal(made.status, 201)
matches(made.body, { user_id = "anna", operator_id = "default", currency = "EUR", mode = "prepaid" })
equal(http.post(path, { currency = "EUR" }).status, 409)
equal(http.put(path, { low_balance_minor = 500 }).body.low_balance_minor, 500)
equal(http { method = "PUT", path = path, body = { low_balance_minor = 1 }, headers = { ["If-Match"] = made.headers.etag } }.status, 412)

log "another operator's user of that name is another"
for _, request in ipairs { { "GET" }, { "PUT", {} }, { "DELETE" } } do
  equal(http { method = request[1], path = path, body = request[2], key = other }.status, 404)
end
equal(http.post(path, { currency = "SEK" }, { key = other }).body.operator_id, "other")
equal(http.get(path).status, 409)
equal(http.get(path .. "?operator_id=other").body.currency, "SEK")
equal(http.delete(path .. "?operator_id=other").status, 204)
equal(http.get(path).body.currency, "EUR")
equal(http.post(path, { currency = "EUR" }, { key = driver }).status, 403)

log "one with a ledger stays"
equal(http.post("/api/admin/wallets/" .. made.body.id .. "/top-ups", { amount_minor = 1000 }).status, 201)
equal(#http.get(path .. "/entries?account=wallet").body.items, 1)
equal(http.delete(path).status, 409)
equal(http.delete("/api/admin/wallets/" .. made.body.id).status, 409)
local second = http.post("/api/admin/users/bert/wallet", { currency = "EUR" }).body.id
equal(http.delete("/api/admin/wallets/" .. second).status, 204)
equal(http.get("/api/admin/wallets/" .. second).status, 404)
matches(http.get("/api/admin/audit?path=/api/admin/wallets/" .. second).body.items[1], { method = "DELETE", before = { user_id = "bert" } })
equal(http.get("/api/admin/wallets/reconciliation").body.ok, true)

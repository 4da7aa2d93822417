-- A user of one operator gets no wallet, no token, no key and no subscription of another; ids that nobody registered are somebody else's users, and do.
local PATH = "/api/admin/operators"
for _, id in ipairs { "one", "two" } do
  equal(http.post(PATH, { id = id, name = id }).status, 201)
end
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
for id, operator in pairs { anna = "one", ben = "two" } do
  equal(http.post("/api/admin/users", { id = id, name = id, role = "user", operator_id = operator }).status, 201)
end
equal(http.post("/api/admin/users", { id = "watcher", name = "Watcher", role = "readonly" }).status, 201)

local function made(status, path, body, who)
  local answer = http.post(path, body, { key = who })
  equal(answer.status, status, path .. " " .. show(body) .. answer.text)
  if status == 422 then
    equal(answer.body.errors[1].path, "user_id")
  end
end
made(422, "/api/admin/wallets", { user_id = "anna", currency = "EUR" }, key)
made(422, "/api/admin/users/anna/wallet", { currency = "EUR" }, key)
made(422, "/api/admin/wallets", { user_id = "anna", currency = "EUR", operator_id = "two" })
made(422, "/api/admin/tokens", { id_tag = "T1", user_id = "anna" }, key)
made(422, "/api/admin/keys", { name = "hers", role = "user", operator_id = "two", user_id = "anna" })
made(422, "/api/admin/webhooks", { target = "http://127.0.0.1:9/x", events = { "*" }, user_id = "anna" }, key)
made(422, "/api/admin/subscriptions", { channel = "email", target = "a@example.org", events = { "*" }, user_id = "anna" }, key)
equal(#http.get("/api/admin/wallets").body.items, 0)
equal(#http.get("/api/admin/tokens").body.items, 0)

for i, id in ipairs { "ben", "somebody", "watcher" } do
  made(201, "/api/admin/wallets", { user_id = id, currency = "EUR" }, key)
  made(201, "/api/admin/tokens", { id_tag = "T" .. i, user_id = id }, key)
  made(201, "/api/admin/keys", { name = id, role = "user", operator_id = "two", user_id = id })
end
made(201, "/api/admin/wallets", { user_id = "anna", currency = "EUR", operator_id = "one" })
made(201, "/api/admin/tokens", { id_tag = "T1", user_id = "anna", operator_id = "one" })
made(201, "/api/admin/tokens", { id_tag = "T9" }, key)

log "nor later"
local function put(body)
  return http.put("/api/admin/tokens/T9", body, { key = key })
end
equal(put({ user_id = "anna" }).status, 422)
equal(put({ user_id = "ben", note = "his" }).body.user_id, "ben")
equal(put({ note = "still his" }).body.user_id, "ben")
equal(put({ user_id = json.null }).body.user_id, json.null)
local hook = http.post("/api/admin/webhooks", { target = "http://127.0.0.1:9/x", events = { "*" }, user_id = "ben" }, { key = key })
equal(hook.status, 201, hook.text)
check(hook.body.secret)
local path = "/api/admin/webhooks/" .. hook.body.id
equal(http.put(path, { user_id = "anna" }, { key = key }).status, 422)
matches(http.put(path, { name = "Ben's" }, { key = key }).body, { user_id = "ben", name = "Ben's", target = "http://127.0.0.1:9/x" })
equal(http.put(path, { user_id = json.null }, { key = key }).body.user_id, json.null)

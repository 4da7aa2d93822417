-- Every change is in the audit log, with what was there before and after.
local path = http.post("/api/admin/chargers", { charge_point_id = "CP1", password = "do not keep this" }).headers.location
http.put(path, { model = "X" })
http.put(path, { validation = "wrong" })
http.get(path)
http.delete(path)
local made = http.post("/api/admin/keys", { name = "second", role = "operator" }).body
seed.token "T1"
http.put("/api/admin/tokens/t1", { status = "blocked" }, { key = made.key })

local answer = http.get "/api/admin/audit" -- the rows are there before the answers
local entries, log_text = answer.body.items, answer.text
equal(#entries, 7)
local function entry(i) -- oldest first
  return entries[#entries + 1 - i]
end
matches(entry(1), { actor = "bootstrap", path = "/api/admin/bootstrap", remote = "127.0.0.1", before = json.null })
matches(entry(2), { actor = "admin", role = "admin", method = "POST", route = "/api/admin/chargers", status = 201, before = json.null,
  after = { charge_point_id = "CP1" } })
matches(entry(3), { method = "PUT", path = path, route = "/api/admin/chargers/{id}", before = { model = json.null }, after = { model = "X" } })
matches(entry(4), { method = "DELETE", before = { charge_point_id = "CP1" }, after = json.null })
matches(entry(5), { route = "/api/admin/keys", after = { name = "second" } })
matches(entry(7), { actor = "second", role = "operator", before = { status = "accepted" }, after = { status = "blocked" } })
for _, secret in ipairs { "do not keep this", made.key, "pbkdf2" } do
  check(not log_text:find(secret, 1, true), "no secret is kept")
end

equal(#http.get("/api/admin/audit?actor=second").body.items, 1)
equal(#http.get("/api/admin/audit?path=" .. path).body.items, 2)
equal(#http.get("/api/admin/audit?to=2020-01-01T00:00:00Z").body.items, 0)
equal(#http.get("/api/admin/audit?limit=3").body.items, 3)
equal(#http.get("/api/admin/audit", nil, { key = made.key }).body.items, 1)

-- Who guesses passwords waits longer and longer; who knows theirs does not.
settings { config = { users = { scrypt_log_n = 10, account_failures = 3, address_failures = 12, hashes_at_once = 1 } } }
local signing_in = require "signing_in"
local password = "correct horse battery"
for _, name in ipairs { "anna", "bert" } do
  equal(http.post("/api/admin/users", { name = name, role = "user", email = name .. "@example.org", password = password }).status, 201)
end
local function login(name, with)
  return signing_in.browser().login { email = name .. "@example.org", password = with or "wrong password" }
end

log "an account"
for _ = 1, 5 do
  equal(login("bert", password).status, 200, "success costs nothing")
end
for _ = 1, 3 do
  equal(login("anna").status, 401)
end
local refused = login("anna")
equal(refused.status, 429)
equal(refused.headers["content-type"], "application/problem+json")
check(tonumber(refused.headers["retry-after"]) >= 1)
equal(login("anna", password).status, 429, "not even the right one")
equal(login("ANNA").status, 429)
equal(login("bert", password).status, 200, "nobody else has to wait")

log "it is the same for one who is not there"
for _ = 1, 3 do
  equal(login("nobody").status, 401)
end
equal(login("nobody").status, 429)

log "it passes"
eventually(function()
  return login("anna", password).status == 200
end)
equal(login("anna").status, 401, "and counts from nothing")

log "an address"
for i = 1, 20 do
  refused = login("user" .. i)
  if refused.status == 429 then
    break
  end
end
equal(refused.status, 429)
equal(login("bert", password).status, 429)
server.reload { users = { address_failures = 0 } }
equal(login("bert", password).status, 200)

log "many at once"
local tasks, statuses = {}, {}
for i = 1, 20 do
  tasks[i] = function()
    local status = login("bert", password).status
    statuses[status] = (statuses[status] or 0) + 1
  end
end
parallel(table.unpack(tasks))
check((statuses[200] or 0) + (statuses[429] or 0) == 20, show(statuses))

log "a password's cost can rise; those of before still do"
server.reload { users = { address_failures = 0, account_failures = 0, scrypt_log_n = 12 } }
equal(login("bert", password).status, 200)
equal(http.post("/api/admin/users", { name = "new", role = "user", email = "new@example.org", password = password }).status, 201)
equal(login("new", password).status, 200)

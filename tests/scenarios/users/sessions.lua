-- Signing in by password: cookies, the token that changes need, and how sessions end.
settings { config = { users = { scrypt_log_n = 10, session_idle = "1h", session_most = "2h" } } }
local signing_in = require "signing_in"
local browser = signing_in.browser

local password = "correct horse battery"
local function make(fields)
  fields.name = fields.name or "N. N."
  local made = http.post("/api/admin/users", fields)
  equal(made.status, 201, show(made.body))
  return made.body
end
local boss = make { name = "Boss", role = "admin", email = "Boss@example.org", password = password }
equal(boss.has_password, true)
local anna = make { id = "anna", name = "Anna", role = "user", email = "anna@example.org", password = password }
local op = make { name = "Op", role = "operator", email = "op@example.org", password = password }
make { name = "Without", role = "operator", email = "without@example.org" }

log "in"
local b = browser()
local answer = b.login { email = "boss@EXAMPLE.org", password = password }
equal(answer.status, 200)
matches(answer.body, { user = { id = boss.id, role = "admin" }, totp_required = false })
check(answer.body.user.password_hash == nil)
local cookie = answer.headers["set-cookie"]
for _, part in ipairs { "^__Host%-busbar=%x+;", "; HttpOnly;", "; Secure;", "; SameSite=Lax$", "; Path=/;", "; Max%-Age=7200;" } do
  check(cookie:find(part), part .. " in " .. cookie)
end
check(not cookie:find "Domain")
equal(answer.headers["cache-control"], "no-store")
matches(b.call("GET", "/auth/profile").body, { kind = "session", name = "Boss", role = "admin", user_id = boss.id, email = "Boss@example.org",
  operator_id = json.null })
equal(b.call("GET", "/api/admin/chargers").status, 200)
check(http.get("/api/admin/users/" .. boss.id).body.last_login_at ~= json.null)
server.sql("update user_sessions set remote = 'known' where token_hash = '" .. b.cookie:match "=(.*)" .. "' or csrf_hash = '" .. b.csrf .. "'")
equal(b.call("GET", "/auth/sessions").body.items[1].remote, "127.0.0.1", "only hashes are stored")

log "a stolen cookie without the token changes nothing"
local thief = browser()
thief.cookie = b.cookie
equal(thief.call("GET", "/auth/profile").status, 200)
local victims = http.get("/api/admin/users").text
for _, request in ipairs {
  { "POST", "/api/admin/tokens", { id_tag = "STOLEN" } }, { "PUT", "/api/admin/users/anna", { name = "X" } }, { "DELETE", "/api/admin/users/anna" },
  { "POST", "/auth/password", { current = password, new = "another password" } }, { "POST", "/auth/logout" }, { "DELETE", "/auth/sessions" },
  { "POST", "/auth/totp" }, { "POST", "/api/admin/keys", { name = "x", role = "admin" } },
} do
  for _, token in ipairs { false, "", "nonsense", b.csrf:sub(1, -2), b.csrf:upper(), b.cookie:match "=(.*)" } do
    if token ~= b.csrf then
      local refused = thief.call(request[1], request[2], request[3], { ["X-CSRF-Token"] = token or nil })
      equal(refused.status, 403, request[1] .. " " .. request[2])
      check(refused.body.detail:find "X%-CSRF%-Token")
    end
  end
end
equal(http.get("/api/admin/users").text, victims)
equal(http.get("/api/admin/tokens").body.items, array {})
equal(#http.get("/api/admin/keys").body.items, 1)
equal(b.call("POST", "/api/admin/tokens", { id_tag = "MINE" }).status, 201)
local other = browser()
other.login { email = "op@example.org", password = password }
equal(b.call("POST", "/api/admin/tokens", { id_tag = "X" }, { ["X-CSRF-Token"] = other.csrf }).status, 403, "another session's is none")

log "what it may follows the user"
equal(other.call("GET", "/api/admin/keys").status, 403)
equal(other.call("GET", "/api/admin/users/" .. boss.id).status, 404)
equal(http.put("/api/admin/users/" .. op.id, { role = "readonly" }).status, 200)
equal(other.call("POST", "/api/admin/tokens", { id_tag = "X" }).status, 403, "at once")
equal(http.put("/api/admin/users/" .. op.id, { state = "disabled" }).status, 200)
equal(other.call("GET", "/auth/profile").status, 401)
equal(http.put("/api/admin/users/" .. op.id, { state = "active" }).status, 200)
equal(other.call("GET", "/auth/profile").status, 401, "a session that has ended stays so")
local driver = browser()
driver.login { email = "anna@example.org", password = password }
matches(driver.call("GET", "/auth/profile").body, { role = "user", user_id = "anna", operator_id = "default" })
equal(driver.call("GET", "/users/anna/transactions").status, 200)
equal(driver.call("GET", "/users/" .. op.id).status, 404)
equal(driver.call("GET", "/api/admin/chargers").status, 403)

log "not in"
local wrong = { status = 401, detail = "the e-mail address or the password is wrong" }
local texts = {}
for _, try in ipairs {
  { email = "boss@example.org", password = "correct horse batterx" }, { email = "nobody@example.org", password = password },
  { email = "without@example.org", password = password },
} do
  local refused = browser().login(try)
  matches(refused.body, wrong)
  check(not refused.headers["set-cookie"])
  texts[refused.text] = true
end
check(next(texts) and not next(texts, next(texts)), "nothing tells who is there")
http.put("/api/admin/users/anna", { state = "disabled" })
matches(browser().login { email = "anna@example.org", password = password }.body, wrong)
http.put("/api/admin/users/anna", { state = "active" })
equal(browser().login { email = "a@b\r\nx: y", password = "x" }.status, 422)
equal(browser().login { email = "boss@example.org" }.status, 422)
local function post(headers, body)
  headers["Content-Type"] = headers["Content-Type"] or "application/json"
  return http { method = "POST", path = "/auth/login", key = false, headers = headers, body = body or { email = "boss@example.org", password = password } }
end
equal(post { ["Sec-Fetch-Site"] = "cross-site" }.status, 403)
equal(post { ["Content-Type"] = "text/plain" }.status, 415)
equal(post({ ["Sec-Fetch-Site"] = "same-origin" }).status, 200)
for _, bad in ipairs { "__Host-busbar=", "__Host-busbar=0", "__Host-busbar=" .. ("0"):rep(64), "busbar=" .. b.cookie:match "=(.*)" } do
  equal(http { method = "GET", path = "/auth/profile", key = false, headers = { Cookie = bad } }.status, 401, bad)
end

log "one's sessions"
local second = browser()
equal(second.login { email = "boss@example.org", password = password }.status, 200)
local list = b.call("GET", "/auth/sessions").body.items
equal(#list, 3)
local current
for _, session in ipairs(list) do
  equal(session.remote, "127.0.0.1")
  current = session.current and session or current
end
equal(driver.call("GET", "/auth/sessions").status, 401)
driver.login { email = "anna@example.org", password = password }
equal(driver.call("DELETE", "/auth/sessions/" .. current.id).status, 404, "another's")
equal(b.call("DELETE", "/auth/sessions/nonsense").status, 404)
equal(http.get("/auth/sessions").status, 403, "a key has none")
local second_id = second.call("GET", "/auth/sessions?limit=1").body.items[1].id
equal(b.call("DELETE", "/auth/sessions/" .. second_id).status, 204)
equal(second.call("GET", "/auth/profile").status, 401)
equal(b.call("DELETE", "/auth/sessions").status, 204)
equal(#b.call("GET", "/auth/sessions").body.items, 1)

log "out"
local out = b.call("POST", "/auth/logout")
equal(out.status, 204)
check(out.headers["set-cookie"]:find "^__Host%-busbar=; " and out.headers["set-cookie"]:find "Max%-Age=0")
equal(b.call("GET", "/auth/profile").status, 401)

log "another password"
equal(b.login({ email = "boss@example.org", password = password }).status, 200)
second.login { email = "boss@example.org", password = password }
local function change(current_password, new)
  return b.call("POST", "/auth/password", { current = current_password, new = new })
end
equal(change("wrong", "a new password").status, 403)
equal(change(password, "short").status, 422)
equal(change(password, "boss@Example.org").status, 422)
equal(change(password, "ÄÖÜäöüßéè").status, 422, "nine characters of eighteen bytes")
equal(change(password, "a new password").status, 204)
equal(b.call("GET", "/auth/profile").status, 200)
equal(second.call("GET", "/auth/profile").status, 401, "other sessions have ended")
equal(browser().login({ email = "boss@example.org", password = password }).status, 401)
equal(second.login({ email = "boss@example.org", password = "a new password" }).status, 200)

log "an admin gives others one, and ends their sessions"
equal(b.call("PUT", "/api/admin/users/" .. boss.id, { password = "without the old one" }).status, 422)
equal(b.call("PUT", "/api/admin/users/anna", { password = "short" }).status, 422)
equal(b.call("PUT", "/api/admin/users/anna", { password = "one for Anna" }, { ["If-Match"] = '"2020-01-01T00:00:00.000Z"' }).status, 412)
equal(driver.call("GET", "/auth/profile").status, 200)
equal(b.call("PUT", "/api/admin/users/anna", { password = "one for Anna" }).status, 200)
equal(driver.call("GET", "/auth/profile").status, 401)
equal(driver.login({ email = "anna@example.org", password = "one for Anna" }).status, 200)
equal(#b.call("GET", "/api/admin/users/anna/sessions").body.items, 1)
equal(b.call("DELETE", "/api/admin/users/anna/sessions").status, 204)
equal(driver.call("GET", "/auth/profile").status, 401)

log "what the audit log has"
local audit = http.get("/api/admin/audit?path=/auth/login")
matches(audit.body.items[1], { actor = "Anna", kind = "session", user_id = "anna", operator_id = "default", after = { user = { id = "anna" } } })
local everything = http.get("/api/admin/audit?limit=500").text
for _, secret in ipairs { password, "one for Anna", "a new password", b.csrf, b.cookie:match "=(.*)", "scrypt" } do
  check(not everything:find(secret, 1, true), "no secret is kept")
  check(not server.log():find(secret, 1, true), "nor logged")
end

log "they end by themselves, and survive a restart"
server.restart()
equal(b.call("GET", "/auth/profile").status, 200)
local function age(what, hours)
  server.sql("update user_sessions set " .. what .. " = '" .. now(-hours * 3600) .. "'")
end
age("last_seen_at", 0.5)
equal(b.call("GET", "/auth/profile").status, 200)
eventually(function() -- that it was heard of
  for _, session in ipairs(b.call("GET", "/auth/sessions").body.items) do
    if session.current then
      return session.last_seen_at > now(-60)
    end
  end
end)
age("last_seen_at", 1.1)
equal(b.call("GET", "/auth/profile").status, 401)
b.login { email = "boss@example.org", password = "a new password" }
age("expires_at", 0)
equal(b.call("GET", "/auth/profile").status, 401)
server.restart()
equal(#http.get("/api/admin/users/" .. boss.id .. "/sessions").body.items, 0)

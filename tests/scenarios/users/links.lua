-- Links by e-mail: they sign in, set a password, invite; each once, and for a while.
settings { config = { users = { scrypt_log_n = 10, url = "https://csms.example/in", address_failures = 0 },
  notifications = { from = "busbar@csms.example", timeout = "10s" } } }
local mail_server = require "mail_server"
local signing_in = require "signing_in"
local browser = signing_in.browser
local password = "correct horse battery"
local function make(fields)
  fields.email = fields.name .. "@example.org"
  equal(http.post("/api/admin/users", fields).status, 201)
  return http.get("/api/admin/users?email=" .. fields.email).body.items[1]
end
local anna = make { name = "anna", role = "user", password = password, language = "de" }
local boss = make { name = "boss", role = "admin", password = password }
local bert = make { name = "bert", role = "user", state = "disabled", password = password }
local nina = make { name = "nina", role = "operator" }

log "nobody is invited where no mail server is known"
local refused = http.post("/api/admin/users/" .. nina.id .. "/invite")
equal(refused.status, 409)
check(refused.body.detail:find("name a mail server in the options notifications.smtp and notifications.from", 1, true), refused.text)
equal(#http.get("/api/admin/tasks?name=users_mail").body.items, 0, "nothing waits")

local post = mail_server()
server.reload { notifications = { smtp = post.url, smtp_ca = post.ca, smtp_tls = "required" } }
local seen = 0
-- The next mail: to whom, its text, and the token in its link.
local function mail()
  local m = eventually(function()
    return post.mails()[seen + 1]
  end)
  seen = seen + 1
  local text = m.body:gsub("=\r\n", ""):gsub("=(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end)
  return m.headers["x-to"], text, text:match "https://csms%.example/in#%l+=(%x+)", m
end
local function ask(path, email, headers)
  return http { method = "POST", path = path, body = { email = email }, key = false, headers = headers }
end

log "signing in"
local texts = {}
for _, email in ipairs { "ANNA@example.org", "nobody@example.org", "bert@example.org", "nonsense" } do
  local answer = ask("/auth/link", email)
  equal(answer.status, 202)
  texts[answer.text] = true
end
check(not next(texts, (next(texts))), "nothing tells who is there")
equal(ask("/auth/link", "anna@example.org", { ["Sec-Fetch-Site"] = "cross-site" }).status, 403)
local to, text, token, raw = mail()
equal(to, "anna@example.org")
check(text:find("Guten Tag anna", 1, true) and text:find("15 Minuten", 1, true))
equal(raw.headers.subject, "Anmelden")
equal(#token, 64)
equal(#post.mails(), 1, "nobody else gets one")
server.sql("update users set name = 'leaked' where exists (select 1 from user_links where token_hash = '" .. token .. "')")
equal(http.get("/api/admin/users/" .. anna.id).body.name, "anna", "only the hash is stored")
check(not http.get("/api/admin/tasks?limit=500").text:find(token, 1, true))
local function consume(b, fields)
  local answer = b.call("POST", "/auth/link/consume", fields)
  return answer.status == 200 and b.keep(answer) or answer
end
for _, wrong in ipairs { token:sub(1, -2), token:upper() .. "0", ("0"):rep(64) } do
  equal(consume(browser(), { token = wrong }).status, 401)
end
local ends, first, second = {}, browser(), browser()
parallel(function()
  ends[1] = consume(first, { token = token }).status
end, function()
  ends[2] = consume(second, { token = token }).status
end)
table.sort(ends)
equal(ends, { 200, 401 }, "once")
equal(consume(browser(), { token = token }).status, 401)
local b = first.cookie and first or second
matches(b.call("GET", "/auth/profile").body, { kind = "session", name = "anna", role = "user" })
equal(browser().call("POST", "/auth/reset/consume", { token = token, password = "another password" }).status, 401)

log "only the newest, and not for long"
ask("/auth/link", "anna@example.org")
local _, _, old = mail()
ask("/auth/link", "anna@example.org")
local _, _, new = mail()
equal(consume(browser(), { token = old }).status, 401)
server.sql("update user_links set expires_at = '" .. now(-1) .. "'")
equal(consume(browser(), { token = new }).status, 401)
server.sql("update user_links set expires_at = '" .. now(600) .. "'")
http.put("/api/admin/users/" .. anna.id, { state = "disabled" })
equal(consume(browser(), { token = new }).status, 401)
http.put("/api/admin/users/" .. anna.id, { state = "active" })
http.put("/api/admin/users/" .. anna.id, { email = "anna@mail.example" })
equal(consume(browser(), { token = new }).status, 401, "it went to another address")

log "another password"
ask("/auth/reset", "anna@mail.example")
local _, reset_text, reset = mail()
check(reset_text:find("neues Passwort", 1, true) and reset_text:find("#reset=", 1, true))
b = browser()
equal(b.login({ email = "anna@mail.example", password = password }).status, 200)
local function set(with, to_be)
  return browser().call("POST", "/auth/reset/consume", { token = with, password = to_be })
end
equal(consume(browser(), { token = reset }).status, 401, "a link to set a password is none to sign in")
equal(set(reset, "short").status, 422)
ends = {}
parallel(function()
  ends[1] = set(reset, "a new password 1").status
end, function()
  ends[2] = set(reset, "a new password 2").status
end)
check(ends[1] + ends[2] == 204 + 401, show(ends))
local chosen = "a new password " .. (ends[1] == 204 and 1 or 2)
equal(b.call("GET", "/auth/profile").status, 401, "sessions have ended")
equal(browser().login({ email = "anna@mail.example", password = password }).status, 401)
equal(browser().login({ email = "anna@mail.example", password = chosen }).status, 200)
matches(http.get("/api/admin/audit?path=/auth/reset/consume").body.items[1], { actor = "anna", user_id = anna.id, role = "user" })

log "an invitation"
local invited = http.post("/api/admin/users/" .. nina.id .. "/invite")
equal(invited.status, 202)
matches(invited.body, { email = "nina@example.org", state = "queued" })
local _, invite_text, invitation = mail()
check(invite_text:find("Hello nina", 1, true) and invite_text:find("within 7 days", 1, true) and invite_text:find("#invite=", 1, true))
equal(set(invitation, password).status, 204)
b = browser()
equal(b.login({ email = "nina@example.org", password = password }).status, 200)
equal(b.call("POST", "/api/admin/users/" .. boss.id .. "/invite").status, 404)
equal(http.post("/api/admin/users/" .. bert.id .. "/invite").status, 409)

log "with a second factor"
b = browser()
b.login { email = "boss@example.org", password = password }
local secret = b.call("POST", "/auth/totp", { password = password }).body.secret
equal(b.call("POST", "/auth/totp/confirm", { code = signing_in.code(secret) }).status, 200)
ask("/auth/link", "boss@example.org")
local _, _, link = mail()
matches(consume(browser(), { token = link }).body, { status = 401, errors = { { path = "code", rule = "is needed" } } })
equal(consume(browser(), { token = link, code = "000000" }).status, 401)
equal(consume(browser(), { token = link, code = signing_in.code(secret, 1) }).status, 200)

log "mails are not without end, and a mail server that is away is waited for"
for _ = 1, 6 do
  equal(ask("/auth/link", "nina@example.org").status, 202)
end
for _ = 1, 3 do
  equal(mail(), "nina@example.org")
end
post.stop()
ask("/auth/reset", "boss@example.org")
eventually(function()
  for _, task in ipairs(http.get("/api/admin/tasks?name=users_mail&state=waiting").body.items) do
    return task.tries > 0 and task
  end
end)
post = mail_server()
seen = 0
server.reload { notifications = { smtp = post.url, smtp_ca = post.ca, smtp_tls = "required" } }
equal(mail(), "boss@example.org")
equal(#post.mails(), 1)

-- The second factor: codes of an authenticator app, each once, and codes for when it is lost.
settings { config = { users = { scrypt_log_n = 10, account_failures = 4, address_failures = 0, slow_down = "1s", totp_issuer = "Test" } } }
local signing_in = require "signing_in"
local browser, code = signing_in.browser, signing_in.code
local password = "correct horse battery"
local function make(fields)
  fields.password = password
  fields.email = fields.name .. "@example.org"
  local made = http.post("/api/admin/users", fields)
  equal(made.status, 201)
  return made.body
end
local boss = make { name = "boss", role = "admin" }
local anna = make { name = "anna", role = "user" }
local function login(b, name, fields)
  fields = fields or {}
  fields.email, fields.password = name .. "@example.org", fields.password or password
  return b.login(fields)
end
local function again(f) -- what was wrong too often waits a moment
  return eventually(function()
    local answer = f()
    return answer.status ~= 429 and answer
  end)
end

log "setting it up"
local b = browser()
equal(login(b, "boss").status, 200)
equal(b.call("GET", "/auth/totp").body, { enabled = false, required = false, recovery_codes_left = 0 })
equal(b.call("POST", "/auth/totp").status, 403, "the password is asked for")
equal(b.call("POST", "/auth/totp", { password = "wrong" }).status, 403)
equal(b.call("POST", "/auth/totp/confirm", { code = "000000" }).status, 409)
local enrolled = b.call("POST", "/auth/totp", { password = password })
equal(enrolled.status, 200)
equal(enrolled.headers["cache-control"], "no-store")
local secret = enrolled.body.secret
equal(#secret, 32)
equal(enrolled.body.uri, "otpauth://totp/Test:boss%40example.org?secret=" .. secret .. "&issuer=Test")
equal(login(browser(), "boss").status, 200, "not in force yet")
equal(b.call("POST", "/auth/totp/confirm", { code = "12345" }).status, 422)
local second = browser()
equal(login(second, "boss").status, 200)
local confirmed = b.call("POST", "/auth/totp/confirm", { code = code(secret) })
equal(confirmed.status, 200)
local codes = confirmed.body.recovery_codes
equal(#codes, 10)
check(codes[1]:find "^%w%w%w%w%-%w%w%w%w%-%w%w%w%w%-%w%w%w%w$" and codes[1] ~= codes[2])
equal(b.call("GET", "/auth/totp").body, { enabled = true, required = false, recovery_codes_left = 10 })
equal(second.call("GET", "/auth/profile").status, 401, "sessions without it have ended")
equal(http.get("/api/admin/users/" .. boss.id).body.has_totp, true)
equal(b.call("POST", "/auth/totp", { password = password }).status, 409)

log "signing in with it"
local asked = login(browser(), "boss")
equal(asked.status, 401)
equal(asked.body.errors, { { path = "code", rule = "is needed" } })
check(not asked.headers["set-cookie"])
local wrong = login(browser(), "boss", { password = "wrong", code = code(secret, 1) })
equal(wrong.status, 401)
equal(wrong.body.errors, nil, "who does not know the password is not told of it")
equal(again(function() return login(browser(), "boss", { code = code(secret, 9) }) end).status, 401)
local following = code(secret, 1)
local good = again(function() return login(second, "boss", { code = following }) end)
equal(good.status, 200)
equal(second.call("GET", "/api/admin/users").status, 200)
equal(again(function() return login(browser(), "boss", { code = following }) end).status, 401, "a code counts once")
local used = {}
parallel(function()
  used[1] = again(function() return login(browser(), "boss", { recovery_code = codes[1] }) end).status
end, function()
  used[2] = again(function() return login(browser(), "boss", { recovery_code = codes[1] }) end).status
end)
table.sort(used)
equal(used, { 200, 401 }, "a recovery code as well, even at once")
equal(again(function() return login(browser(), "boss", { recovery_code = codes[2]:upper():gsub("-", " ") .. "" }) end).status, 200)
equal(again(function() return login(browser(), "anna", { recovery_code = codes[3] }) end).status, 200, "anna has none to ask for")
equal(b.call("GET", "/auth/totp").body.recovery_codes_left, 8)

log "guessing codes is slow"
for _ = 1, 4 do
  login(browser(), "boss", { code = "000000" })
end
equal(login(browser(), "boss", { code = "000000" }).status, 429)
equal(again(function() return login(browser(), "boss", { recovery_code = codes[4] }) end).status, 200)

log "other recovery codes"
equal(b.call("POST", "/auth/totp/recovery-codes").status, 403)
equal(b.call("POST", "/auth/totp/recovery-codes", { recovery_code = codes[1] }).status, 403)
local anew = b.call("POST", "/auth/totp/recovery-codes", { recovery_code = codes[5] })
equal(anew.status, 200)
equal(again(function() return login(browser(), "boss", { recovery_code = codes[6] }) end).status, 401, "the old ones are gone")
codes = anew.body.recovery_codes
equal(b.call("GET", "/auth/totp").body.recovery_codes_left, 10)

log "doing without"
equal(again(function() return b.call("POST", "/auth/totp/disable", { code = "000000" }) end).status, 403)
equal(again(function() return b.call("POST", "/auth/totp/disable", { recovery_code = codes[1] }) end).status, 204)
equal(b.call("POST", "/auth/totp/disable", { recovery_code = codes[2] }).status, 409)
equal(login(b, "boss").status, 200)

log "nothing of it is in the logs"
local audit = http.get("/api/admin/audit?limit=500").text
for _, text in ipairs { secret, codes[1], codes[9] } do
  check(not audit:find(text, 1, true) and not server.log():find(text, 1, true))
end

log "a role that must have it"
server.reload { users = { totp_for = "admin operator" } }
local limited = browser()
local begun = login(limited, "boss")
equal(begun.status, 200)
equal(begun.body.totp_required, true)
matches(limited.call("GET", "/auth/totp").body, { enabled = false, required = true })
equal(limited.call("GET", "/auth/profile").status, 200)
for _, request in ipairs { { "GET", "/api/admin/users" }, { "POST", "/api/admin/tokens", { id_tag = "X" } }, { "GET", "/auth/sessions" } } do
  local refused = limited.call(request[1], request[2], request[3])
  equal(refused.status, 403)
  check(refused.body.detail:find "second factor")
end
equal(b.call("GET", "/api/admin/users").status, 403, "sessions from before as well")
equal(login(browser(), "anna").body.totp_required, false)
secret = limited.call("POST", "/auth/totp", { password = password }).body.secret
codes = limited.call("POST", "/auth/totp/confirm", { code = code(secret) }).body.recovery_codes
equal(limited.call("GET", "/api/admin/users").status, 200)
equal(limited.call("POST", "/auth/totp/disable", { recovery_code = codes[1] }).status, 403)

log "one who has lost everything"
local operator = http.post("/api/admin/keys", { name = "op", role = "operator" }).body.key
equal(http.delete("/api/admin/users/" .. boss.id .. "/totp", nil, { key = operator }).status, 404)
equal(http.delete("/api/admin/users/" .. boss.id .. "/totp").status, 204)
equal(limited.call("GET", "/auth/profile").status, 401)
equal(login(limited, "boss").body.totp_required, true)

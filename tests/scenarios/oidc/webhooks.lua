-- What a provider tells of its users: made, changed, disabled; and what only looks as if it had told it.
local issuers = require "issuer"
local tell, ask = issuers.tell, issuers.ask

local i = issuers.start()
server.reload { oidc = i.options }
local function find(subject)
  for _, user in ipairs(http.get("/api/admin/users?limit=500").body.items) do
    if user.subject == subject then
      return user
    end
  end
end
local function event(type, id, more)
  local data = { id = id, first_name = "Anna", last_name = "B", email_addresses = array { { email_address = id .. "@example.org" } } }
  for k, v in pairs(more or {}) do data[k] = v end
  return { type = type, object = "event", data = data }
end
local function told(e, outcome, with)
  local answer = tell(e, with)
  equal(answer.status, 200, answer.text)
  equal(answer.body.outcome, outcome)
end

log "made and changed"
told(event("user.created", "u1"), "applied")
matches(find "u1", { name = "Anna B", email = "u1@example.org", role = "user", operator_id = "default", state = "active", issuer = i.url })
told(event("user.updated", "u1", { public_metadata = { role = "operator" }, last_name = "C" }), "applied")
matches(find "u1", { name = "Anna C", role = "operator" })
local id = find("u1").id
equal(ask(i:token("u1", { name = "Anna C" })).body.user_id, id, "whom the token names")

log "a message counts once"
local with = { id = "msg_once" }
told(event("user.updated", "u1", { last_name = "D" }), "applied", with)
told(event("user.updated", "u1", { last_name = "E" }), "applied")
told(event("user.updated", "u1", { last_name = "D" }), "repeated", with)
matches(find "u1", { name = "Anna E" })
local work = {}
for n = 1, 8 do
  work[n] = function()
    local answer = tell(event("user.updated", "u1", { last_name = "F" }), { id = "msg_at_once" })
    check(answer.status == 200 or answer.status == 503, answer.text)
  end
end
parallel(table.unpack(work))
told(event("user.updated", "u1", { last_name = "F" }), "repeated", { id = "msg_at_once" })

log "forged, old, from the future, of another body: 400, and nothing happens"
local e = event("user.deleted", "u1")
local function refused(status, with, what)
  equal(tell(what or e, with).status, status)
end
local now = os.time()
refused(400, { secret = "whsec_" .. crypto.base64 "a secret that was guessed" })
refused(400, { secret = issuers.old_secret })
refused(400, { signature = "" })
refused(400, { signature = "v1," })
refused(400, { signature = "v1," .. crypto.base64(("\0"):rep(32)) })
refused(400, { signature = "v1," .. crypto.base64(crypto.unhex(crypto.hmac("", "msg.1.{}"))) })
refused(400, { time = now - 400 })
refused(400, { time = now + 400 })
refused(400, { time = now - 400, id = "msg_once" })
refused(400, { id = "msg.with.points" })
refused(400, { id = "x", signature = issuers.signature("y", math.floor(now), json.encode(e)) })
refused(400, { id = "x", time = now, signature = issuers.signature("x", math.floor(now), json.encode(e) .. " ") })
for _, name in ipairs { "svix-id", "svix-timestamp", "svix-signature" } do
  refused(400, { without = { [name] = true } })
end
refused(404, { name = "other" })
refused(404, { name = "acme'--" })
for _, body in ipairs { "", "{", "[]", "null", '{"type":"user.deleted"}', '{"type":1,"data":{}}', '{"type":"user.deleted","data":{}}', '{"type":"user.deleted","data":{"id":""}}',
  '{"type":"user.deleted","data":{"id":1}}', '{"type":"a","type":"b","data":{}}' } do
  refused(400, { body = body })
end
matches(find "u1", { state = "active" })

log "two secrets while they are changed; several signatures"
server.reload { oidc = { webhook_secrets = "acme:" .. issuers.secret .. " acme:" .. issuers.old_secret } }
told(event("user.updated", "u1"), "applied", { secret = issuers.old_secret })
local time, body = math.floor(os.time()), json.encode(event("user.updated", "u1"))
told(nil, "applied", { body = body, id = "msg_s", time = time, signature = "v1,AAAA v1a,x " .. issuers.signature("msg_s", time, body) })
server.reload { oidc = { webhook_secrets = "acme:" .. issuers.secret } }
refused(400, { secret = issuers.old_secret })

log "of other things, nothing"
told(event("session.created", "u1"), "ignored")
told({ type = "organization.created", data = { id = 7 } }, "ignored")
told(event("user.created", "u2", { public_metadata = { operator = "nowhere" } }), "refused")
equal(find "u2", nil)

log "banned: the sessions end, and no token lets in; only an admin lets them in again"
server.reload { users = { scrypt_log_n = 10 } }
equal(http.put("/api/admin/users/" .. id, { password = "correct horse battery" }).status, 200)
local browser = require "signing_in".browser()
equal(browser.login { email = "u1@example.org", password = "correct horse battery" }.status, 200)
told(event("user.updated", "u1", { banned = true }), "applied")
matches(find "u1", { state = "disabled" })
equal(browser.call("GET", "/auth/profile").status, 401)
equal(ask(i:token "u1").status, 403)
told(event("user.updated", "u1", { banned = false }), "applied")
matches(find "u1", { state = "disabled" })
equal(http.put("/api/admin/users/" .. id, { state = "active" }).status, 200)
equal(ask(i:token "u1").status, 200)

log "banned before they came"
told(event("user.created", "u3", { banned = true }), "applied")
equal(ask(i:token "u3").status, 403)

log "a role that means nothing is the default"
told(event("user.updated", "u1", { public_metadata = { role = "janitor" } }), "applied")
matches(find "u1", { role = "user", state = "active" })

log "deleted, also before it is known: a token that is still good makes no user"
told(event("user.deleted", "u1"), "applied")
matches(find "u1", { state = "disabled" })
equal(ask(i:token "u1").status, 403)
told(event("user.deleted", "u4"), "applied")
equal(find "u4", nil)
equal(ask(i:token "u4").status, 403)
told(event("user.created", "u4"), "refused")
equal(ask(i:token "u4").status, 403)
matches(find "u4", { state = "disabled" })

log "without rules for roles, only who may not come is heeded"
server.reload { oidc = { issuers = json.encode(array { i:entry { webhook = { subject = "id", disabled = "banned" } } }) } }
told(event("user.created", "u5"), "ignored")
equal(find "u5", nil)
equal(ask(i:token "u5").status, 200)
told(event("user.updated", "u5", { banned = true }), "applied")
equal(ask(i:token "u5").status, 403)

log "a role that means nothing, where there is no default: in no more"
server.reload { oidc = { issuers = json.encode(array { i:entry { webhook = { subject = "id", roles = { claim = "public_metadata.role" },
  operator = { default = "default" } } } }) } }
told(event("user.created", "u6", { public_metadata = { role = "operator" } }), "applied")
told(event("user.created", "u7"), "applied")
told(event("user.updated", "u6", { public_metadata = { role = "janitor" } }), "applied")
matches(find "u6", { role = "operator", state = "disabled" })
equal(find "u7", nil)

log "no secret in the log"
for _, secret in ipairs { issuers.secret, issuers.old_secret } do
  check(not server.log():find(secret, 1, true), "a secret is in the log")
end

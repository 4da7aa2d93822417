-- Callers with a token of an identity provider: who they are here, and every token that is none.
local issuers = require "issuer"
local ask = issuers.ask

local began = os.time()
local i = issuers.start()
server.reload { oidc = i.options }
local key = i.keys[1]

log "let in, with the role and the operator of the claims"
local anna = ask(i:token("anna|1", { name = "Anna", email = "anna@example.org", email_verified = true }))
equal(anna.status, 200, anna.text)
matches(anna.body, { kind = "jwt", role = "user", name = "Anna", operator_id = "default", email = "anna@example.org" })
local id = anna.body.user_id
matches(http.get("/api/admin/users/" .. id).body, { issuer = i.url, subject = "anna|1", role = "user", name = "Anna", created_by = "oidc",
  email = "anna@example.org", state = "active" })
equal(ask(i:token "anna|1").body.user_id, id, "the same one again")
equal(ask(i:token "anna|1", "GET", "/users/" .. id .. "/transactions").status, 200)
equal(ask(i:token "anna|1", "GET", "/api/admin/chargers").status, 403)
matches(ask(i:token("boss", { realm_access = { roles = { "x", "csms-see", "csms-admin" } } })).body, { role = "admin", operator_id = json.null })
equal(ask(i:token("boss", { realm_access = { roles = { "csms-admin" } } }), "GET", "/api/admin/keys").status, 200)
equal(i:fetches(), 1, "keys are kept")

log "what the claims say holds for each token, and the user follows"
matches(ask(i:token("op", { realm_access = { roles = { "csms-op" } }, name = "Op" })).body, { role = "operator" })
local op = ask(i:token("op", { realm_access = { roles = { "csms-see" } }, name = "Op" }))
matches(op.body, { role = "readonly" })
matches(http.get("/api/admin/users/" .. op.body.user_id).body, { role = "readonly" })
equal(ask(i:token("op", { realm_access = { roles = { "csms-see" } } }), "POST", "/api/admin/tokens", { id_tag = "X" }).status, 403)

log "an address that the provider has not seen to be theirs is none, unless it is known to see all"
for verified, sub in pairs { ["false"] = "eve|1", ["no"] = "eve|2", [json.null] = "eve|3", unsaid = "eve|4" } do
  local eve = { name = "Eve", email = "boss@example.org", email_verified = verified }
  if verified == "unsaid" then eve.email_verified = nil end
  local got = ask(i:token(sub, eve))
  matches(got.body, { email = json.null })
  matches(http.get("/api/admin/users/" .. got.body.user_id).body, { email = json.null, name = "Eve" })
end
equal(#http.get("/api/admin/users?email=boss@example.org").body.items, 0)
server.reload { oidc = { issuers = json.encode(array { i:entry { email_trusted = true } }) } }
matches(ask(i:token("eve|5", { email = "eve@example.org" })).body, { email = "eve@example.org" })
matches(ask(i:token("eve|6", { email = "boss@example.org", email_verified = "false" })).body, { email = json.null })
server.reload { oidc = i.options }
i.server.requests = {}

log "another operator's"
server.sql "insert into operators (id, name, created_at) values ('northern', 'Northern', '2026-01-01T00:00:00.000Z');"
local north = { realm_access = { roles = { "csms-op" } }, ["https://acme.example/org"] = "northern" }
local b = ask(i:token("bert", north))
matches(b.body, { role = "operator", operator_id = "northern" })
equal(ask(i:token("bert", north), "GET", "/api/admin/users/" .. id).status, 404)
for _, org in ipairs { "nowhere", "'; drop table users; --" } do
  equal(ask(i:token("carl", { ["https://acme.example/org"] = org })).status, 403)
end
equal(ask(i:token("carl", { ["https://acme.example/org"] = array { "northern" } })).status, 403)
equal(ask(i:token("bert", { ["https://acme.example/org"] = "nowhere" })).status, 403)
matches(http.get("/api/admin/users/" .. b.body.user_id).body, { operator_id = "northern" })

log "disabled ones are 403 at once"
equal(http.put("/api/admin/users/" .. id, { state = "disabled" }).status, 200)
equal(ask(i:token "anna|1").status, 403)
equal(http.put("/api/admin/users/" .. id, { state = "active" }).status, 200)
equal(ask(i:token "anna|1").status, 200)

log "forged"
local count = #http.get("/api/admin/users?limit=500").body.items
local admin = { realm_access = { roles = { "csms-admin" } } }
local claims = i:claims("mallory", admin)
local thief = issuers.key("first", "rsa")
local ec = issuers.key("curve", "ec")
local public = crypto.public_key(key.pem)
local function refused(token, why)
  local answer = ask(token)
  equal(answer.status, 401, (why or "") .. " " .. tostring(answer.text))
  equal(answer.headers["content-type"], "application/problem+json")
  check(answer.headers["www-authenticate"])
end
local function hs256(secret)
  return function(text) return crypto.unhex(crypto.hmac(secret, text)) end
end
refused(issuers.token(thief, claims), "another key of that kid")
refused(issuers.token(key, claims, { alg = "none", signature = "" }), "none")
refused(issuers.token(key, claims, { header = { alg = "none" } }), "none, signed")
refused(issuers.token(key, claims, { header = { alg = "NONE" } }), "NONE")
for _, secret in ipairs { public, public:gsub("\n$", ""), key.jwk.n, "" } do
  refused(issuers.token(key, claims, { header = { alg = "HS256" }, sign = hs256(secret) }), "the public key as a secret")
end
refused(issuers.token(key, claims, { header = { alg = "ES256" } }), "an RSA key for ES256")
refused(issuers.token(key, claims, { header = { alg = "PS256" } }), "another padding")
refused(issuers.token(key, claims, { alg = "RS384" }), "an algorithm that is not allowed")
refused(issuers.token(ec, claims), "a key that is not there")
refused(issuers.token(thief, claims, { header = { jwk = thief.jwk } }), "a key that it brings")
refused(issuers.token(thief, claims, { header = { jku = "http://127.0.0.1:1/", kid = json.null } }), "or says where it is")
for _, kid in ipairs { "second", "", "../../../dev/null", "first' or '1'='1", "first\0", ("k"):rep(3000) } do
  refused(issuers.token(key, claims, { header = { kid = kid } }), "kid " .. kid:sub(1, 30))
end
refused(issuers.token(key, claims, { header = { kid = 1 } }), "kid 1")
refused(issuers.token(key, claims, { header = { crit = array { "exp" } } }), "crit")
refused(issuers.token(key, claims, { header = { typ = "logout+jwt" } }), "another type")
refused(issuers.token(key, claims, { header = '{"alg":"none","kid":"first","alg":"RS256"}' }), "two algorithms")
refused(issuers.token(key, (json.encode(claims):gsub("^{", '{"sub":"mallory",'))), "two subjects")
refused(issuers.token(key, "[]"), "no object")
refused(issuers.token(key, '{"a":"\xff"}'), "no UTF-8")
refused(issuers.token(key, ("["):rep(1500)), "deep")

log "of another time, place or kind"
local now = math.floor(os.time())
for why, wrong in pairs {
  ["expired"] = { exp = now - 61 }, ["no exp"] = { exp = json.null }, ["exp as text"] = { exp = tostring(now + 300) }, ["exp far off"] = { exp = 1e300 },
  ["not yet"] = { nbf = now + 90 }, ["from the future"] = { iat = now + 90 }, ["another's"] = { iss = "https://accounts.example.org" },
  ["a slash more"] = { iss = i.url .. "/" }, ["no issuer"] = { iss = json.null }, ["issuers"] = { iss = array { i.url } },
  ["another audience"] = { aud = "shop" }, ["no audience"] = { aud = json.null }, ["no such audience"] = { aud = array { "a", "b" } },
  ["no subject"] = { sub = json.null }, ["a number"] = { sub = 7 }, ["a long one"] = { sub = ("s"):rep(256) },
} do
  refused(i:token("mallory", wrong), why)
end
equal(ask(i:token("late", { exp = now - 30 })).status, 200, "clocks differ")
equal(ask(i:token("many", { aud = array { "shop", "busbar" } })).status, 200)

log "malformed"
local good = i:token "anna|1"
local head, body, signature = good:match "^(.-)%.(.-)%.(.*)$"
refused(good .. "=", "padding")
refused(good .. "A", "a letter more")
refused(good:sub(1, -2), "a letter less")
refused(head .. "." .. body .. ".", "no signature")
refused(head .. "=." .. body .. "." .. signature, "padding of the header")
refused(head .. "." .. body .. "." .. signature:gsub("[-_]", { ["-"] = "+", ["_"] = "/" }) .. "+", "the other alphabet")
refused(head .. "." .. body .. "." .. ("A"):rep(#signature), "zeroes")
refused(head .. "." .. i:token("boss"):match "%.(.-)%." .. "." .. signature, "another's claims")
refused("a.b.c", "letters")
refused("..", "points")
refused(good .. "." .. signature, "four parts")
refused("nothing", "one part")
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local last = letters:find(signature:sub(-1), 1, true)
refused(good:sub(1, -2) .. letters:sub(last + 1, last + 1), "the same bytes in other letters")
local huge = try_http { method = "GET", path = "/auth/profile", key = i:token("anna|1", { more = ("x"):rep(100000) }) }
check(not huge or huge.status >= 400, "a huge one")
equal(ask(good).status, 200)

log "nothing of this has made a user, or another fetch"
equal(#http.get("/api/admin/users?limit=500").body.items, count + 2)
check(i:fetches() <= 2, "unknown kids make no storm: " .. i:fetches())
for _, token in ipairs { good, signature } do
  check(not server.log():find(token, 1, true), "a token is in the log")
end

log "nor filled the log"
local _, lines = server.log():gsub("a token from 127.0.0.1 is refused", "")
check(lines >= 1 and lines <= 2 * (1 + (os.time() - began) // 10), lines)

log "a key beside it counts for nothing, and keys go on"
equal(http.get("/auth/profile").body.kind, "key")
equal(http { method = "GET", path = "/auth/profile", key = false }.status, 401)

log "no users at first sight, where it is said so"
server.reload { oidc = { issuers = json.encode(array { i:entry { create_users = false } }) } }
equal(ask(i:token "anna|1").status, 200)
equal(ask(i:token "nobody").status, 403)
server.reload { oidc = { issuers = json.encode(array { i:entry { roles = { claim = "r" } } }) } }
equal(ask(i:token("anna|1", { r = "root" })).status, 403)
equal(ask(i:token "anna|1").status, 403)
matches(ask(i:token("anna|1", { r = array { "user", "readonly" } })).body, { role = "readonly", user_id = id })

log "what is wrong with the configuration is said, and changes nothing"
for _, bad in ipairs { "{", "{}", "[{}]", '[{"name":"A","issuer":"https://a.example","audience":["b"]}]', '[{"name":"a","issuer":"http://a.example","audience":["b"]}]',
  '[{"name":"a","issuer":"https://a.example","audience":[]}]', '[{"name":"a","issuer":"https://a.example","audience":["b"],"algorithms":["HS256"]}]',
  '[{"name":"a","issuer":"https://a.example","audience":["b"],"roles":{"claim":"r","map":{"x":"root"}}}]' } do
  local before = #server.log()
  server.reload { oidc = { issuers = bad } }
  check(server.log():find("oidc.issuers", before + 1, true), bad)
end
matches(ask(i:token("anna|1", { r = "user" })).body, { role = "user" })

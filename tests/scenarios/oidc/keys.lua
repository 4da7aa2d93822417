-- A provider's keys: rotated, other kinds of them, and a provider that is slow, away or hostile.
settings { config = { oidc = { refetch = "300ms", keys_fresh_least = "500ms", keys_stale_most = "4s", timeout = "4s" } } }
local issuers = require "issuer"
local ask = issuers.ask

local i = issuers.start { algorithms = array { "RS256", "PS256", "ES256", "ES384" } }
i.keys[2], i.keys[3] = issuers.key("p256", "ec"), issuers.key("p384", "ec", "P-384")
local short, encrypting = issuers.key("short", "rsa", 1024), issuers.key("enc", "rsa")
encrypting.jwk.use = "enc"
i.keys[4], i.keys[5] = short, encrypting
server.reload { oidc = i.options }
local function by(key, with)
  return ask(issuers.token(key, i:claims "anna", with)).status
end

log "of each kind"
equal(by(i.keys[1]), 200)
equal(by(i.keys[1], { alg = "PS256" }), 200)
equal(by(i.keys[2]), 200)
equal(by(i.keys[3], { alg = "ES384" }), 200)
equal(by(i.keys[2], { header = { alg = "ES384" } }), 401)
equal(by(i.keys[2], { header = { alg = "RS256" } }), 401)
equal(by(short), 401, "too short")
equal(by(encrypting), 401, "not for signatures")
for _, signature in ipairs { ("\0"):rep(64), ("\0"):rep(63), ("\0"):rep(65), ("\xff"):rep(64), "" , "\x30\x06\x02\x01\x01\x02\x01\x01" } do
  equal(by(i.keys[2], { signature = signature }), 401, #signature .. " bytes")
end
equal(by(i.keys[2], { sign = function(text) return crypto.sign(i.keys[2].pem, text, "SHA256") end }), 401, "DER is another form")

log "rotated: a new one is known at once, one that has gone no more"
local old, new = i.keys[1], issuers.key("second", "rsa")
i.keys = { new }
i.headers = { ["Cache-Control"] = "public, max-age=1" }
eventually(function() return by(new) == 200 end)
equal(by(old), 401)
equal(by(new), 200)

log "unknown ones do not make a storm of fetches"
local before = i:fetches()
local began = os.time()
local work = {}
for n = 1, 20 do
  work[n] = function() equal(by(new, { header = { kid = "unknown" .. n } }), 401) end
end
parallel(table.unpack(work))
for n = 1, 40 do
  equal(by(new, { header = { kid = "another" .. n } }), 401)
end
local most = 2 + math.ceil((os.time() + 1 - began) / 0.3) -- the clock has whole seconds
check(i:fetches() - before <= most, i:fetches() - before .. " fetches, not more than " .. most)

log "away: the old ones count for a while, then nobody can say"
i.meddle = function() return { status = 500 } end
local token = issuers.token(new, i:claims "anna")
equal(ask(token).status, 200)
eventually(function() return ask(token).status == 503 end, 15)
check(server.log():find "the answer's status is not 200")
i.meddle = nil
eventually(function() return ask(token).status == 200 end)

log "slow, endless, another's, malformed: 503, and none of it is kept"
local function at_first(meddle, said)
  i.meddle = meddle
  server.restart()
  local status = ask(token).status
  equal(status, 503, said)
  i.meddle = nil
  eventually(function() return ask(token).status == 200 end)
end
at_first(function(request)
  request.taken = true
  request.socket:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
end, "slow")
at_first(function() return false end, "hangs up")
at_first(function(request, self)
  return request.path == "/keys" and { body = '{"keys":[' .. (" "):rep(1024 * 1024) .. "]}" } or self:document(request)
end, "endless")
at_first(function(request, self)
  return request.path == "/keys" and { body = '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}' } or self:document(request)
end, "none of use")
at_first(function(request, self)
  return request.path == "/keys" and { body = "<html>" } or self:document(request)
end, "no JSON")
at_first(function(request)
  return request.path ~= "/keys" and { body = { issuer = "https://another.example", jwks_uri = i.url .. "/keys" } } or nil
end, "another's")
at_first(function(request)
  return request.path ~= "/keys" and { body = { issuer = i.url, jwks_uri = "http://another.example/keys" } } or nil
end, "keys in plain sight")
at_first(function(request)
  return request.path == "/keys" and { status = 302, headers = { Location = i.url .. "/others" } } or nil
end, "redirected")

log "who comes during the first fetch waits for it"
i.meddle = function(request, self)
  wait(0.4)
  return self:document(request)
end
server.restart()
local statuses = {}
work = {}
for n = 1, 8 do
  work[n] = function() statuses[n] = ask(token).status end
end
parallel(table.unpack(work))
equal(table.concat(statuses, " "), "200 200 200 200 200 200 200 200")

-- A charger's way to mutual TLS and on: password over TLS, a certificate signed here, profile 3, renewal, revocation; and
-- requests that are refused. All against the real TLS listener.
settings {
  tls = true,
  config = { ocpp = { command_timeout = "2s" }, ocpp16_security = { renew_check = "200ms", renew_interval = "1s", organization = "Busbar", renew_before = "0s" } },
}
seed.charger { charge_point_id = "CERT1", password = "a-long-password", security_profile = 2 }
local row = http.get("/api/admin/chargers?charge_point_id=CERT1").body.items[1]
local base = "/api/admin/chargers/" .. row.id

local function secret(name, text)
  local path = server.write_file(name, text)
  os.execute("chmod 600 '" .. path .. "'")
  return path
end

local ca = crypto.ca "Charger CA"
local cp = charger {
  id = "CERT1", password = "a-long-password", url = server.tls_base, tls_url = server.tls_base, security_profile = 2, silent = true,
  certificate_roots = ca.certificate,
}
cp:connect()
equal(cp:boot().status, "Accepted")

local function certificates(query)
  return http.get("/api/admin/certificates?charge_point_id=CERT1" .. (query or "")).body.items
end

log "nobody signs here"
equal(cp:sign_certificate().status, "Rejected")
matches(certificates()[1], { state = "refused", reason = "there is no certificate authority here" })

log "an authority that others can read is not taken; what was there goes on"
local files = { ca_certificate = server.write_file("ca.pem", ca.certificate), ca_key = server.write_file("ca.key", ca.key) }
server.reload { ocpp16_security = files }
eventually(function()
  return server.log():find("others can read this private key", 1, true)
end)
equal(cp:sign_certificate().status, "Rejected")
secret("ca.key", ca.key)
server.reload { ocpp16_security = files }

log "requests that are refused, and what is told of them"
local function refused(why, options)
  local csr = options.csr or crypto.csr(options.key or crypto.key {}, options.subject or { CN = "CERT1", O = "Busbar" })
  equal(cp:demand("SignCertificate", { csr = csr }).status, "Rejected")
  equal(certificates()[1].reason, why)
end
refused("its common name is not the charger's", { subject = { CN = "CERT2", O = "Busbar" } })
refused("its organization is another one", { subject = { CN = "CERT1", O = "Others" } })
refused("its RSA key has fewer than 2048 bits", { key = crypto.key { type = "rsa", bits = 1024 } })
refused("it is no certificate signing request in PEM", { csr = "-----BEGIN NONSENSE-----" })
local events = http.get("/api/admin/security-events?type=InvalidCertificateRequest").body.items
equal(#events, 6)
matches(events[1], { source = "busbar", critical = true, tech_info = "it is no certificate signing request in PEM" })

log "no profile 3 without a certificate"
equal(http.post(base .. "/raise-security-profile", { security_profile = 3 }).status, 409)
equal(http.post(base .. "/raise-security-profile", { security_profile = 3, force = true }).body.state, "rejected")

log "signed here"
equal(cp:sign_certificate().status, "Accepted")
local function becomes(state)
  return eventually(function()
    local c = certificates()[1]
    return c.state == state and c
  end)
end
local first = becomes "accepted"
check(cp.certificate, "the charger has it")
local facts = crypto.facts(cp.certificate)
matches(facts, { common_name = "CERT1", fingerprint = first.fingerprint, ca = false })
check(crypto.verify(cp.certificate, ca.certificate))
matches(first, { common_name = "CERT1" })
check(http.get("/api/admin/certificates/" .. first.id).body.chain:find("BEGIN CERTIFICATE", 1, true))

log "up to profile 3: agreed to, used after the next reset, and never back"
equal(http.post(base .. "/raise-security-profile", { security_profile = 3 }).body.state, "accepted")
equal(http.get(base).body.security_profile, 2)
equal(http.post(base .. "/commands", { action = "Reset", payload = { type = "Soft" } }).body.state, "accepted")
eventually(function()
  return http.get(base).body.security_profile == 3 and cp.connected
end)
equal(cp.security_profile, 3)
cp:boot()
local lower = http.post(base .. "/raise-security-profile", { security_profile = 2 })
equal(lower.status, 422, lower.text)
local without = charger { id = "CERT1", password = "a-long-password", url = server.tls_base, silent = true }
matches({ without:try_connect() }, { nil, { status = 403 } })
local foreign = crypto.issue(crypto.ca "Strangers", { subject = "CERT1", usage = "clientAuth" })
local stranger = charger { id = "CERT1", url = server.tls_base, silent = true, certificate = foreign.certificate, key = foreign.key }
equal(stranger:try_connect(), nil)
local other = crypto.issue(server.root, { subject = "CERT2", usage = "clientAuth" })
local impostor = charger { id = "CERT1", url = server.tls_base, silent = true, certificate = other.certificate, key = other.key }
matches({ impostor:try_connect() }, { nil, { status = 403 } })

log "renewed before its end, of the server's own accord"
server.reload { ocpp16_security = { renew_before = "3650d" } }
local second = eventually(function()
  local c = certificates("&state=accepted")[1]
  return c and c.id ~= first.id and c
end)
server.reload { ocpp16_security = { renew_before = "0s" } }
eventually(function()
  return certificates("&state=superseded")[1] and cp.connected and cp.peer and crypto.facts(cp.certificate).fingerprint == certificates("&state=accepted")[1].fingerprint
end)
check(second.not_after > first.not_before)

log "the server is killed when it has accepted the request, and before it has sent the certificate"
cp:on("CertificateSigned", false)
local asked = cp:sign_certificate()
equal(asked.status, "Accepted")
server.kill()
server.sql "update tasks set claimed_until = null" -- its claim lapses after five minutes
server.start()
cp.tls_url, cp.url = server.tls_base, server.tls_base
cp:wait_closed()
cp:on "CertificateSigned"
cp:reconnect()
cp:boot()
local third = eventually(function()
  local c = certificates()[1]
  return c.state == "accepted" and c.id > second.id and c
end)
eventually(function()
  return crypto.facts(cp.certificate).fingerprint == third.fingerprint and cp.connected
end)

log "not answered for: sent again, once an interval"
cp:on("CertificateSigned", function()
  cp:drop()
end)
equal(cp:sign_certificate().status, "Accepted")
cp:wait_closed()
local unsent = certificates()[1]
cp:on("CertificateSigned", false)
cp:reconnect()
cp:boot()
eventually(function()
  return certificates()[1].command_id == json.null
end)
cp:on "CertificateSigned"
third = eventually(function()
  local c = certificates()[1]
  return c.state == "accepted" and c.id == unsent.id and c
end)
eventually(function()
  return cp.connected and crypto.facts(cp.certificate).fingerprint == third.fingerprint
end)

log "revoked: the link is closed, and the door stays shut"
matches(http.post("/api/admin/certificates/" .. third.id .. "/revoke", { reason = "lost" }), { status = 200, body = { state = "revoked", reason = "lost" } })
cp:wait_closed()
local ok, failure = cp:try_connect()
equal(ok, nil)
equal(failure.status, 403)
check(server.log():find("the client certificate is revoked", 1, true))
eventually(function()
  return #http.get("/api/admin/security-events?type=RevokedClientCertificate&charge_point_id=CERT1").body.items == 1
end)
equal(http.post("/api/admin/certificates/" .. third.id .. "/revoke", {}).status, 409)
equal(http.get("/api/admin/certificates/9999").status, 404)
server.kill()
server.start()
cp.tls_url, cp.url = server.tls_base, server.tls_base
eventually(function()
  local _, why = cp:try_connect()
  return why and why.status == 403
end)

log "a flood of requests: one of those beyond the limit is kept"
seed.charger "CERT-FLOOD"
local flood = charger { id = "CERT-FLOOD", silent = true, url = server.tls_base }
flood:reconnect()
flood:boot()
server.reload { ocpp16_security = { requests_per_hour = 3 } }
for _ = 1, 10 do
  equal(flood:demand("SignCertificate", { csr = "nonsense" }).status, "Rejected")
end
local kept = http.get("/api/admin/certificates?charge_point_id=CERT-FLOOD").body.items
equal(#kept, 4)
equal(kept[1].reason, "too many requests within an hour")
equal(#http.get("/api/admin/security-events?charge_point_id=CERT-FLOOD").body.items, 4)

log "the same request over and over is one, and one piece of work"
seed.charger "CERT-AGAIN"
local again = charger { id = "CERT-AGAIN", silent = true, url = server.tls_base }
again:connect()
again:boot()
again:on("CertificateSigned", false)
local same = crypto.csr(crypto.key {}, { CN = "CERT-AGAIN", O = "Busbar" })
for _ = 1, 10 do
  equal(again:demand("SignCertificate", { csr = same }).status, "Accepted")
end
local asked_once = http.get("/api/admin/certificates?charge_point_id=CERT-AGAIN").body.items
equal(#asked_once, 1)
local started = 0
for _, task in ipairs(http.get("/api/admin/tasks?limit=500").body.items) do
  if task.name == "issue_certificate" and task.payload.charger_id == asked_once[1].charger_id then
    started = started + 1
  end
end
equal(started, 1)

log "another operator's key sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(http { method = "GET", path = "/api/admin/certificates/" .. third.id, key = key }.status, 404)
equal(#http { method = "GET", path = "/api/admin/certificates", key = key }.body.items, 0)

-- TLS while chargers are connected: certificates renewed by SIGHUP, files that are broken, chargers' own certificates and who
-- vouches for them, and those who speak something else.
settings { tls = true, config = { http = { timeout = "2s" } } }

seed.charger { charge_point_id = "TLS-2", password = "a-long-password", security_profile = 2 }
seed.charger { charge_point_id = "TLS-3", security_profile = 3 }
seed.token "TLS-TAG"

local function cp_with(more)
  local options = { id = "TLS-2", password = "a-long-password", url = server.tls_base, silent = true }
  for key, value in pairs(more) do
    options[key] = value
  end
  return charger(options)
end

local function connected(more)
  local cp = cp_with(more)
  cp:connect()
  equal(cp:boot().status, "Accepted")
  return cp
end

local function refused(more)
  local ok, failure = cp_with(more):try_connect()
  equal(ok, nil, show(more))
  return failure
end

-- With TLS 1.3 the client may be cut off before it reads the alert, as it has sent more by then.
local function refused_by_tls(alert, reason, more)
  for _, version in ipairs { "1.2", "1.3" } do
    local before = #server.log()
    more.tls_version = version
    local failure = refused(more)
    equal(failure.status, 0)
    check(version == "1.3" or failure.reason:find(alert, 1, true), failure.reason)
    local line = server.log():match("security event: client certificate refused remote=127.0.0.1 [^\n]*", before + 1)
    check(line and line:find('subject=\\"/CN=TLS-3\\"', 1, true) and line:find(reason, 1, true), line)
  end
end

-- Writes the server's files anew; their names stay as they are.
local function renew(certificate, key)
  local names = server.config.tls
  for path, text in pairs { [names.certificate] = certificate, [names.key] = key } do
    server.write_file(path:match "[^/]+$", text)
  end
end

log "a renewed certificate is for those who come, and nobody else notices"
local old = connected {}
local session = old:start { id_tag = "TLS-TAG", meter_start = 0 }
local first = old.peer.serial
local renewed = crypto.issue(server.root, { subject = "localhost", names = "IP:127.0.0.1", key = crypto.key { type = "rsa" } })
renew(renewed.certificate, renewed.key)
server.reload()
old:heartbeat()
seed.charger { charge_point_id = "TLS-NEW", password = "a-long-password", security_profile = 2 }
local new = connected { id = "TLS-NEW" }
matches(new.peer, { key_type = "rsa", common_name = "localhost" })
check(new.peer.serial ~= first, "it is the new one")
session:meter { energy_wh = 100 }
session:stop { meter_stop = 200 }
equal(http.get(server.tls_base .. "/health").peer.serial, new.peer.serial, "REST has it too")

log "files that cannot be used change nothing"
local function reload_refused(option, why)
  server.reload()
  eventually(function()
    local line = server.log():match("reload refused, nothing changed: (" .. option .. "[^\n]*)[^\n]*\n*$")
    return line and line:find(why, 1, true)
  end)
  new:heartbeat()
  equal(connected {}.peer.serial, new.peer.serial)
end
renew("no certificate", renewed.key)
reload_refused("tls.certificate", "not a PEM file of certificates")
renew(renewed.certificate, crypto.key())
reload_refused("tls.key", "is not the key of the certificate")
renew(renewed.certificate, renewed.key)

log "many reloads under live links"
local many = {}
for i = 1, 10 do
  seed.charger { charge_point_id = "TLS-MANY-" .. i, password = "a-long-password", security_profile = 2 }
  many[i] = connected { id = "TLS-MANY-" .. i }
end
local calls = {}
for i, cp in ipairs(many) do
  calls[i] = function()
    for _ = 1, 30 do
      cp:heartbeat()
    end
  end
end
calls[#calls + 1] = function()
  for _ = 1, 5 do
    local before = #server.log()
    server.signal "HUP"
    eventually(function()
      return server.log():find("reloaded", before + 1, true)
    end)
    connected {}
  end
end
parallel(table.unpack(calls))
for _, cp in ipairs(many) do
  check(cp.connected)
  cp:disconnect()
end

log "a certificate for chargers that can only the other type of key"
local ec = crypto.issue(server.root, { subject = "localhost", names = "IP:127.0.0.1" })
server.reload {
  tls = {
    second_certificate = server.write_file("ec.pem", ec.certificate),
    second_key = server.write_file("ec-key.pem", ec.key),
  },
}
for type, ciphers in pairs { rsa = "ECDHE-RSA-AES128-GCM-SHA256", ec = "ECDHE-ECDSA-AES128-GCM-SHA256" } do
  local cp = connected { tls_version = "1.2", ciphers = ciphers }
  equal(cp.peer.key_type, type)
  cp:disconnect()
end

log "a charger's own certificate"
local function own(subject, options)
  options = options or {}
  options.subject = subject
  local issued = crypto.issue(options.ca or server.root, options)
  return { id = "TLS-3", password = false, certificate = issued.chain, key = issued.key }
end
local mutual = connected(own "TLS-3")
matches(http.get("/connections/TLS-3").body, { tls = true, client_cn = "TLS-3" })
equal(refused(own "TLS-4").status, 403, "another's certificate")
equal(refused({ id = "TLS-3" }).status, 403, "no certificate")
equal(refused({ id = "TLS-3", url = require("net").base }).status, 403, "no TLS")
local intermediate = crypto.ca("Between", { issuer = server.root })
connected(own("TLS-3", { ca = intermediate })):disconnect()
local other = crypto.ca "Another"
refused_by_tls("unknown CA", "unable to get local issuer certificate", own("TLS-3", { ca = other }))
refused_by_tls("certificate expired", "certificate has expired", own("TLS-3", { not_before_s = -7200, not_after_s = -3600 }))
refused_by_tls("bad certificate", "certificate is not yet valid", own("TLS-3", { not_before_s = 3600, not_after_s = 7200 }))
refused_by_tls("unsupported certificate", "unsuitable certificate purpose", own("TLS-3", { usage = "serverAuth" }))

log "REST over it: requests that do not wait, in one record"
local tls_host, tls_port = server.tls_base:match "//(.*):(%d+)"
tls_port = tonumber(tls_port)
local request = "GET /api/admin/chargers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. require("net").key .. "\r\n\r\n"
local rest = tcp(tls_host, tls_port, {})
rest:send(request:rep(100))
for _ = 1, 100 do
  local head = rest:receive("\r\n\r\n", 10)
  check(head and head:find "^HTTP/1.1 200 ", head)
  check(rest:receive(tonumber(head:lower():match "content%-length: (%d+)"), 10))
end
rest:close()

log "those who vouch for chargers come and go"
os.execute("mkdir '" .. server.folder .. "/authorities'")
server.write_file("authorities/first.pem", server.root.certificate)
server.write_file("authorities/other.crt", other.certificate)
server.reload { tls = { client_ca = server.folder .. "/authorities" } }
mutual = connected(own("TLS-3", { ca = other }))
os.remove(server.folder .. "/authorities/other.crt")
server.reload()
mutual:heartbeat()
refused_by_tls("unknown CA", "unable to get local issuer certificate", own("TLS-3", { ca = other }))
connected(own "TLS-3"):disconnect()

log "who speaks something else"
local plain = tcp(tls_host, tls_port)
plain:send(ws_handshake("/ocpp/TLS-2", { subprotocol = "ocpp1.6" }))
check(plain:receive("TLS%.\n", 5):find "^HTTP/1.1 400 ")
check(plain:wait_closed(5))
local failure = refused { url = require("net").base:gsub("^http", "wss") }
check(failure.reason:find "^tls: ", failure.reason)

log "a handshake that does not go on"
local silent, half = tcp(tls_host, tls_port), tcp(tls_host, tls_port)
half:send "\x16\x03\x01\x02\x00\x01\x00\x01\xfc"
check(silent:wait_closed(10))
check(half:wait_closed(10))
connected {}

-- Profile 2: TLS 1.2 or later with the ciphers that are demanded, a strong key, and a certificate of the server's name.
local case = require "certification"
local password = "a-long-password"
local url = server.tls_base:gsub("127%.0%.0%.1", "localhost")
local cp = case.register { password = password, url = url, registered = { password = password, security_profile = 2 } }

case.refused(cp, { password = password }, 403)
case.refused(cp, { password = "not-the-password", url = url }, 401)
for _, version in ipairs { "1.0", "1.1" } do
  case.refused(cp, { password = password, url = url, tls_version = version }, 0)
end
for _, cipher in ipairs { "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384" } do
  cp.tls_version, cp.ciphers = "1.2", cipher
  cp:connect()
  matches(cp.peer, { version = "TLSv1.2", cipher = cipher, common_name = "localhost" })
  check(cp.peer.key_bits >= (cp.peer.key_type == "rsa" and 2048 or 224), "a weak key")
  cp:disconnect()
end
cp.tls_version, cp.ciphers = nil, nil
cp:connect()
equal(cp.peer.version, "TLSv1.3")
case.boot(cp)
case.flow(cp, "")

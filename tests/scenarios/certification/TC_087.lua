-- Profile 3: a charger is let in by its certificate alone, and only by one of its own.
local case = require "certification"
local function own(subject, ca)
  local issued = crypto.issue(ca or server.root, { subject = subject, usage = "clientAuth" })
  return { url = server.tls_base, certificate = issued.chain, key = issued.key }
end
local options = own(case.id)
options.registered = { security_profile = 3 }
local cp = case.register(options)

case.refused(cp, { url = server.tls_base }, 403)
case.refused(cp, own "ANOTHER", 403)
local stranger = own(case.id, crypto.ca "Another root")
stranger.tls_version = "1.2"
case.refused(cp, stranger, 0)
cp:connect()
case.boot(cp)
matches(http.get("/connections/" .. cp.id).body, { tls = true, client_cn = cp.id })
case.flow(cp, "")

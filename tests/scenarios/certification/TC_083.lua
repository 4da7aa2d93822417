-- A charger is raised to profile 2, then to 3, each by a hard reset; after it the profile before is not enough.
local case = require "certification"
local issued = crypto.issue(server.root, { subject = case.id, usage = "clientAuth" })
local password = "a-long-password"
local cp = case.charger {
  security_profile = 1, password = password, tls_url = server.tls_base, certificate = issued.chain, key = issued.key,
  registered = { password = password, security_profile = 1 },
}

local flow = {}
for _, step in ipairs { { 2, {} }, { 3, { url = server.tls_base } } } do
  local profile, before = table.unpack(step)
  case.send(cp, "ChangeConfiguration", { key = "SecurityProfile", value = tostring(profile) }, "Accepted")
  case.sent(cp, "ChangeConfiguration", { key = "SecurityProfile", value = tostring(profile) })
  case.send(cp, "Reset", { type = "Hard" }, "Accepted")
  case.becomes(cp.rest, { security_profile = profile, connected = true })
  before.password = password
  case.refused(cp, before, 403)
  table.insert(flow, "[ChangeConfiguration] [Reset] BootNotification StatusNotification StatusNotification")
  case.flow(cp, table.concat(flow, " "))
end
equal(cp.security_profile, 3)

-- A charger gets a new password: from its answer on it is let in with the new one, and with the old one no more.
local case = require "certification"
local old, new = "the-old-password", ("8f"):rep(20)
local cp = case.charger { password = old, registered = { password = old, security_profile = 1 } }

local sent = case.watch(cp, "ChangeConfiguration")
case.send(cp, "ChangeConfiguration", { key = "AuthorizationKey", value = new }, "Accepted")
equal(sent[1], { key = "AuthorizationKey", value = new })
eventually(function()
  return cp.connected and cp.password == crypto.unhex(new)
end)
case.refused(cp, { password = old }, 401)
case.boot(cp)

log "a charger that refuses a password keeps the one it has"
cp:on("ChangeConfiguration", { status = "Rejected" })
local refused = ("9e"):rep(20)
case.send(cp, "ChangeConfiguration", { key = "AuthorizationKey", value = refused }, "Rejected")
case.refused(cp, { password = crypto.unhex(refused) }, 401)
cp:disconnect()
cp:reconnect()
case.flow(cp, "[ChangeConfiguration] BootNotification StatusNotification StatusNotification [ChangeConfiguration]")

-- What the plugin is told that cannot be is refused.
settings { config = { users = { url = "https://csms.example/in", totp_for = "admin" } } }
local refused = require "refused_settings"

log "a URL that is none"
for _, url in ipairs { "csms.example/in", "ftp://csms.example/in", "https://", "https:///in", "https://csms.example/in#there", "https://csms.example/in out" } do
  refused("users", { url = url, totp_for = "admin" }, ('users.url is "%s"; it must be like "https://csms.example/in"'):format(url))
end

log "roles that are none, so that nobody would have to have a second factor"
refused("users", { totp_for = "admin operators" }, 'users.totp_for has "operators", which is no role')
refused("users", { totp_for = "admin,operator" }, 'users.totp_for has "admin,operator", which is no role')

log "and what is good is taken"
server.reload { users = { url = "", totp_for = "" } }
server.reload { users = { url = "http://localhost:3000/in?from=mail", totp_for = "admin operator  readonly user" } }

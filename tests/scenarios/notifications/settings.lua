-- A mail server that is none, and a sender without an address, are refused.
local refused = require "refused_settings"
for _, smtp in ipairs { "mail.example:587", "https://mail.example", "smtp://", "smtps:///x", "smtp://mail example" } do
  refused("notifications", { smtp = smtp, from = "a@example.com" }, ('notifications.smtp is "%s"; it must be like "smtp://mail.example:587"'):format(smtp))
end
for _, from in ipairs { "csms", "@example.com", "csms@", "a b@example.com", "Busbar <a@example.com>" } do
  refused("notifications", { smtp = "smtp://mail.example:587", from = from }, ('notifications.from is "%s"; it must be an address'):format(from))
end
server.reload { notifications = { smtp = "smtps://mail.example", from = "charging@example.com" } }
server.reload { notifications = { smtp = "", from = "" } }

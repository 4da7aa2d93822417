-- An origin is a scheme, a host and a port, as browsers send it; what could never be one is refused.
local refused = require "refused_settings"
for _, word in ipairs { "https://a.example/", "a.example", "https://", "https://a.example,https://b.example/", "HTTPS://a.example" } do
  refused("rest", { cors_origins = "https://ok.example " .. word }, ('rest.cors_origins has "%s", which is no origin like "https://a.example:8443"'):format(word))
end
for _, good in ipairs { "*", "", "https://a.example  http://localhost:3000", "capacitor://localhost https://[::1]:8443" } do
  server.reload { rest = { cors_origins = good } }
end

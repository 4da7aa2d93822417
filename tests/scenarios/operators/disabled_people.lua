-- People of an operator that is disabled: no mail lets them in, and neither does a token of their provider.
settings { config = { operators = { refresh = "200ms" }, users = { scrypt_log_n = 10, url = "https://csms.example/in", address_failures = 0 },
  notifications = { from = "busbar@csms.example", timeout = "10s" } } }
local issuers = require "issuer"
local ask = issuers.ask
local post = require "mail_server" ()
local issuer = issuers.start()
server.reload { oidc = issuer.options, notifications = { smtp = post.url, smtp_ca = post.ca, smtp_tls = "required" } }
equal(http.post("/api/admin/operators", { id = "northern", name = "Northern" }).status, 201)
for _, user in ipairs { { id = "nora", operator_id = "northern" }, { id = "nina", operator_id = "northern" }, { id = "anna", operator_id = "default" } } do
  user.name, user.role, user.email, user.password = user.id, "user", user.id .. "@example.org", "correct horse battery"
  equal(http.post("/api/admin/users", user).status, 201)
end

local function wants_mail(path, user)
  equal(http { method = "POST", path = path, body = { email = user .. "@example.org" }, key = false }.status, 202)
end
local function mails(count)
  eventually(function() return #post.mails() >= count end)
  eventually(function() return #http.get("/api/admin/tasks?name=users_mail&state=waiting").body.items == 0 end)
  equal(#post.mails(), count)
  return post.mails()[count]
end
local function of_north(role)
  return issuer:token("nils|" .. role, { realm_access = { roles = { "csms-" .. role } }, ["https://acme.example/org"] = "northern" })
end
local function set(state)
  equal(http.put("/api/admin/operators/northern", { state = state }).status, 200)
end

log "an active one's"
wants_mail("/auth/link", "nora")
local text = mails(1).body:gsub("=\r\n", ""):gsub("=(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
local token = text:match "in#login=(%x+)"
equal(ask(of_north "op").status, 200)

log "disabled: who asks is told the same, and no mail comes; one that has come does not let in"
set "disabled"
wants_mail("/auth/link", "nora")
wants_mail("/auth/reset", "nora")
local invited = http.post "/api/admin/users/nora/invite"
equal(invited.status, 409)
equal(invited.body.detail, "the user's operator is disabled")
wants_mail("/auth/link", "anna")
equal(mails(2).headers["x-to"], "anna@example.org")
equal(http { method = "POST", path = "/auth/link/consume", body = { token = token }, key = false }.status, 403)

log "a token of the provider, of one who was here and of one who was not"
for _, role in ipairs { "op", "see" } do
  for _, path in ipairs { "/auth/profile", "/api/admin/chargers" } do
    local answer = ask(of_north(role), "GET", path)
    equal(answer.status, 403, role .. path)
    equal(answer.body.detail, "the operator northern is disabled")
  end
end
equal(ask(issuer:token("boss", { realm_access = { roles = { "csms-admin" } }, ["https://acme.example/org"] = "northern" })).status, 200, "an admin is of none")

log "enabled again"
set "active"
equal(ask(of_north "op").status, 200)
wants_mail("/auth/link", "nina")
equal(mails(3).headers["x-to"], "nina@example.org")

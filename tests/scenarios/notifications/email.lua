-- E-mail, to a real mail server: TLS, login, MIME, languages, refusals.
settings { config = { notifications = { backoff = "200ms", longest_backoff = "400ms", tries = 3, from = "busbar@csms.example", timeout = "10s" } } }
local mail_server = require "mail_server"

local post = mail_server { user = "csms", password = "se\"cret with blanks" }
local function use(mail, more)
  local options = { smtp = mail.url, smtp_ca = mail.ca, smtp_user = "csms", smtp_password = "se\"cret with blanks", smtp_tls = "required" }
  for key, value in pairs(more or {}) do
    options[key] = value
  end
  server.reload { notifications = options }
end
use(post)
local function subscribe(target, language)
  return http.post("/api/admin/subscriptions", { channel = "email", target = target, events = { "session.*" }, language = language })
end
local function deliveries(subscription)
  return http.get("/api/admin/deliveries?subscription_id=" .. subscription.body.id).body.items
end
local function mails_to(address, count)
  return eventually(function()
    local list = {}
    for _, mail in ipairs(post.mails()) do
      if mail.headers["x-to"] == address then
        list[#list + 1] = mail
      end
    end
    return #list >= (count or 1) and list
  end, 20)
end

server.sql "update operators set name = 'Straßenstrom \"Süd\" GmbH & Co.', time_zone = 'Europe/Berlin' where id = 'default';"
local english = subscribe "driver@example.com"
local german = subscribe("fahrer@example.com", "de")
local refused = subscribe "refused@example.com"
local later = subscribe "later@example.com"
for _, bad in ipairs { "nobody", "a@b@c", "a b@c.example", "a@c.example\r\nBcc: x@example.com", "a@c.example\nX: y", "<a@c.example>", "@example.com" } do
  equal(subscribe(bad).status, 422, bad)
end

seed.charger { charge_point_id = "MAIL-1" }
seed.token "MAIL-TAG"
local cp = charger { id = "MAIL-1" }
cp:connect()
cp:boot()
local session = cp:start { connector = 1, id_tag = "MAIL-TAG", meter_start = 0 }
session:stop { meter_stop = 12340 }

log "as a reader sees it"
local mail = mails_to("driver@example.com", 2)
equal(mail[1].headers["x-tls"], "yes")
equal(mail[1].headers["x-authenticated"], "yes")
equal(mail[1].headers["x-from"], "busbar@csms.example")
equal(mail[1].headers.to, "driver@example.com")
equal(mail[1].headers.subject, "Charging has begun")
equal(mail[2].headers.subject, "Charging has ended")
equal(mail[1].headers["mime-version"], "1.0")
check(mail[1].headers.date:find "^%a%a%a, %d%d %a%a%a %d%d%d%d %d%d:%d%d:%d%d %+0000$", mail[1].headers.date)
check(mail[1].headers["message-id"]:find "^<%d+%.evt_%d+@csms%.example>$", mail[1].headers["message-id"])
local words = mail[1].headers.from:match "^=%?UTF%-8%?B%?(%S+)%?= <busbar@csms%.example>$"
equal(crypto.unbase64(words or ""), "Straßenstrom \"Süd\" GmbH & Co.")
local boundary = mail[1].headers["content-type"]:match '^multipart/alternative; boundary="(.*)"$'
local text, html = mail[1].body:match("^%-%-" .. boundary:gsub("%-", "%%-") .. "\r\n(.-)\r\n%-%-" .. boundary:gsub("%-", "%%-") .. "\r\n(.-)\r\n%-%-")
check(text:find "^Content%-Type: text/plain; charset=utf%-8\r\nContent%-Transfer%-Encoding: quoted%-printable\r\n\r\n", text)
check(html:find "^Content%-Type: text/html; charset=utf%-8\r\n", html)
local function unquoted(part)
  return (part:gsub("=\r\n", ""):gsub("=(%x%x)", function(byte)
    return string.char(tonumber(byte, 16))
  end))
end
check(unquoted(text):find("Straßenstrom \"Süd\" GmbH & Co.", 1, true))
check(unquoted(html):find("Straßenstrom &quot;Süd&quot; GmbH &amp; Co.", 1, true))
for line in mail[1].raw:gmatch "[^\r\n]+" do
  check(#line <= 78, line)
  check(not line:find "[\x80-\xff]", line)
end

mail = mails_to("fahrer@example.com", 2)
equal(mail[2].headers.subject, "Der Ladevorgang ist beendet")
check(unquoted(mail[2].body):find("12,34 kWh", 1, true), mail[2].body)

log "refused for good, refused for now"
local items = eventually(function()
  local list = deliveries(refused)
  return #list == 2 and list[1].state == "dead" and list[2].state == "dead" and list
end)
matches(items[1], { status = 550, tries = 1 })
items = eventually(function()
  local list = deliveries(later)
  return #list == 2 and list[1].state == "dead" and list
end)
matches(items[2], { status = 451, tries = 3, state = "dead" })

log "nobody's server is taken for another's"
local stranger = mail_server { user = "csms", password = "x", names = "DNS:elsewhere.example" }
local function test_with(mail, more, count)
  use(mail, more)
  local id = http.post("/api/admin/subscriptions/" .. english.body.id .. "/test").body.delivery_id
  return eventually(function()
    local d = http.get("/api/admin/deliveries/" .. id).body
    return d.state ~= "waiting" and d
  end, 30)
end
local function failed(d, pattern)
  equal(d.state, "dead")
  check(d.error:find(pattern), d.error)
end
failed(test_with(stranger), "certificate")
failed(test_with(stranger, { smtp_ca = post.ca }), "certificate")
equal(#stranger.mails(), 0)
log "nor is TLS done without, or a wrong password taken"
local plain = mail_server { mode = "plain" }
failed(test_with(plain, { smtp_user = "" }), "")
equal(#plain.mails(), 0)
equal(test_with(plain, { smtp_user = "", smtp_tls = "none" }).state, "delivered")
equal(plain.mails()[1].headers["x-tls"], "no")
matches(test_with(post, { smtp_password = "wrong" }), { state = "dead", status = 535 })
local tls = mail_server { mode = "tls" }
equal(test_with(tls, { smtp_user = "" }).state, "delivered")
equal(tls.mails()[1].headers["x-tls"], "yes")
equal(tls.mails()[1].headers.subject, "A test")
log "a server that is away"
tls.stop()
failed(test_with(tls, { smtp_user = "" }), "")

check(not server.log():find("se\"cret", 1, true))

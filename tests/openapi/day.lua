-- An admin's day, told by the client that is generated of /openapi.json: over TLS, with a charger that lives by itself. Whoever else has a
-- part in it, the day asks at a desk: who reads mail, who pays, who provides identities, and a second charger.
settings {
  tls = true,
  serves_files = true,
  own_cluster = true,
  authorities = true,
  config = {
    users = { scrypt_log_n = 10, url = "https://csms.example/in" },
    notifications = { backoff = "200ms", from = "busbar@csms.example" },
    ocpp16_firmware = { check_every = "200ms" },
    ocpp16_security = { check_every = "200ms" },
    payments = { check_every = "300ms" },
    transfer = { allow = "127.0.0.1" },
  },
}
local issuers = require "issuer"
local mail_server = require "mail_server"
local signing_in = require "signing_in"
local stripe = require "stripe"

local receiver = http_server { answer = function() return { status = 200 } end }
local post, issuer, gateway = mail_server(), issuers.start(), stripe.gateway()
server.reload { notifications = { smtp = post.url, smtp_ca = post.ca }, oidc = issuer.options }
server.sql "delete from api_keys;"
local cp = charger { id = "DAY-CP1", password = "the password of the day", connectors = 2, vendor = "Day", model = "One", silent = true }
cp.configuration.MeterValueSampleInterval = "1"
cp:live()

local desk, second, read = {}, nil, 0

-- The next mail to somebody, and the token in it.
function desk.mail(asked)
  return eventually(function()
    local mail = post.mails()[read + 1]
    read = read + (mail and 1 or 0)
    local text = mail and mail.headers["x-to"] == asked.to and mail.body:gsub("=\r\n", ""):gsub("=3D", "=")
    return text and { token = text:match "#%l+=(%x+)" }
  end)
end

function desk.code(asked)
  return { code = signing_in.code(asked.secret, asked.steps) }
end

-- They pay: what Stripe tells of it.
function desk.payment(asked)
  local body = json.encode(gateway:event("checkout.session.completed", gateway:pay(asked.id)))
  return { body = body, signature = stripe.header(body) }
end

-- Somebody has an account now, as their provider tells.
function desk.identity(asked)
  local body = json.encode { type = "user.created", object = "event",
    data = { id = asked.id, first_name = "Ina", last_name = "Day", email_addresses = { { email_address = asked.email } } } }
  local id, time = "msg_of_the_day", math.floor(os.time())
  return { body = body, id = id, time = tostring(time), signature = issuers.signature(id, time, body) }
end

-- The second charger comes, and minds where it is sent to.
function desk.charger(asked)
  local where = {}
  second = charger { id = asked.id, password = asked.password, security_profile = 1, tls_url = server.tls_base, silent = true,
    certificate_roots = server.root.certificate, manufacturer_ca = server.root.certificate }
  second.where = where
  second:connect()
  second:boot()
  for _, action in ipairs { "GetDiagnostics", "UpdateFirmware" } do
    second:on(action, function(payload)
      where[action] = payload.location
      return action == "GetDiagnostics" and { fileName = "day.log" } or {}
    end)
  end
  return {}
end

function desk.where(asked)
  local token, name = second.where[asked.action]:match "/files/([^/]+)/?(.*)$"
  return { token = token, name = name }
end

function desk.over_tls()
  second.apply_profile = "at once"
  return {}
end

function desk.boot()
  eventually(function()
    return second.connected and second.peer
  end)
  second:boot()
  return {}
end

function desk.sign()
  return { status = second:sign_certificate().status }
end

function desk.root()
  return { certificate = crypto.ca("Root of the day").certificate }
end

-- A task that nobody does any more.
function desk.task()
  server.sql "insert into tasks (id, operator_id, name, payload, state, tries, run_at, error, created_at, ended_at) values ('DAY-TASK', 'default', \z
    'of_nobody', '{}', 'dead', 5, '2026-01-01T00:00:00.000Z', 'no answer', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');"
  return { id = "DAY-TASK" }
end

local asked_here = http_server { answer = function(request)
  return { body = desk[request.path:sub(2)](json.decode(request.body)) }
end }

local env = { BUSBAR_URL = server.tls_base, BUSBAR_CA = server.folder .. "/root.pem", RECEIVER_URL = receiver.url, DESK_URL = asked_here.url }
local function tell(part)
  equal(program { "sh", (arg[0]:gsub("%.lua$", ".sh")), part, env = env }, 0)
end

tell()
check(#receiver.requests > 0, "the webhook was called")
if server.engine == "postgres" then
  server.database.stop()
  tell "away"
  server.database.start()
end
cp:halt()

-- An admin's day, told by the client that is generated of /openapi.json: over TLS, with a charger that lives by itself.
settings {
  tls = true,
  serves_files = true,
  own_cluster = true,
  config = { users = { scrypt_log_n = 10 }, notifications = { backoff = "200ms" }, ocpp16_firmware = { check_every = "200ms" }, transfer = { allow = "127.0.0.1" } },
}

local receiver = http_server { answer = function() return { status = 200 } end }
server.sql "delete from api_keys;"
local cp = charger { id = "DAY-CP1", password = "the password of the day", connectors = 2, vendor = "Day", model = "One", silent = true }
cp.configuration.MeterValueSampleInterval = "1"
cp:live()

local env = { BUSBAR_URL = server.tls_base, BUSBAR_CA = server.folder .. "/root.pem", RECEIVER_URL = receiver.url }
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

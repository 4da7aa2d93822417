-- doctor: what is well, and each thing that is not, with what to do.
settings { tls = true }
local net = require "net"

local runs = 0
local url = net.base
local function doctor(...)
  runs = runs + 1
  local path = server.folder .. "/out" .. runs
  local status = program { stdout = path, stderr = server.folder .. "/err", env = { HOME = server.folder, XDG_CONFIG_HOME = "", BUSBAR_URL = url },
    server.bin .. "/busbarctl", "doctor", "--json", ... }
  local file = io.open(path)
  local text = file:read "a"
  file:close()
  return status, json.decode(text).findings, text
end
-- The first finding whose text is so.
local function find(findings, pattern)
  for _, f in ipairs(findings) do
    if f.text:find(pattern) then
      return f
    end
  end
end
local config = server.folder .. "/busbar.lua"
local function edited(name, change)
  local file = io.open(config)
  local text = file:read "a"
  file:close()
  return server.write_file(name, change(text))
end

log "a server that is well"
os.execute("chmod 600 '" .. config .. "' '" .. server.folder .. "'/*.pem '" .. server.folder .. "'/*.key 2>/dev/null")
local status, all, text = doctor("--config", config)
-- The tests' PostgreSQL does without fsync, and that is seen.
local expected = server.engine == "postgres" and "fsync is off"
for _, f in ipairs(all) do
  check(f.level ~= "wrong" or (expected and f.text:find(expected)), text)
end
check(not expected or find(all, expected), text)
check(not find(all, "may read .*%.db"), "a new database is its owner's alone")
equal(status == 2, expected and true or false, text)
for _, pattern in ipairs { "options, plugins, schemas and scripts are in order", "migrations are applied", "is well, version", "open files",
  "tls.certificate is valid for", "the server's clock and this machine's agree" } do
  matches(find(all, pattern), { level = "ok", advice = json.null }, pattern .. ": " .. text)
end
check(find(all, server.engine == "sqlite" and "for good takes" or "answers a new connection"), text)

log "from outside"
status, all, text = doctor()
equal(status, 1, text)
matches(find(all, "no configuration is given"), { level = "notice" })

log "what is wrong"
local function wrong(pattern, ...)
  local got, findings, printed = doctor(...)
  equal(got, 2, printed)
  local f = find(findings, pattern)
  matches(f, { level = "wrong" }, pattern .. ": " .. printed)
  check(#f.advice > 0, "what to do")
end
wrong("listn: unknown option", "--config", server.write_file("broken.lua", "http = { listn = 1 }"))
wrong("does not answer", "--url", "http://127.0.0.1:1")
local function with(name, text)
  return "--config", server.write_file(name, text)
end
local function sqlite(path, listen)
  return string.format("http = { listen = %q }\nstorage_sqlite = { path = %q }\n", listen or "127.0.0.1:0", path)
end
wrong("none/x.db: No such file or directory", with("no_file.lua", "http = { listen = '127.0.0.1:0' } tls = { listen = '127.0.0.1:0', certificate = 'none/x.db', key = 'none/x.db' }"))
wrong("storage_sqlite.path: .*/none: No such file or directory", with("no_folder.lua", sqlite(server.folder .. "/none/x.db")))
wrong("damaged.db cannot be read: file is not a database", with("damaged.lua", sqlite(server.write_file("damaged.db", ("nonsense"):rep(100)))))
wrong("PostgreSQL does not answer: .*refused", with("away.lua", "http = { listen = '127.0.0.1:0' } storage = { engine = 'postgres' } "
  .. "storage_postgres = { url = 'postgres://127.0.0.1:1/busbar' }"))
local other = listen(0, function() end)
wrong("another program listens on", with("port.lua", sqlite(server.folder .. "/new.db", "127.0.0.1:" .. other:port())))
other:close()
local key = crypto.key {}
local identity = crypto.issue(crypto.ca "Roots", { subject = "elsewhere", key = key, names = "DNS:elsewhere", not_after_s = 129600 })
local pem, key_file = server.write_file("soon.pem", identity.certificate), server.write_file("soon.key", key)
os.execute("chmod 644 '" .. key_file .. "'")
local over_tls = string.format("http = { listen = '' } tls = { listen = '127.0.0.1:0', certificate = %q, key = %q } storage_sqlite = { path = %q }\n", pem, key_file,
  server.folder .. "/new.db")
wrong("everybody may read .*soon.key", with("tls.lua", over_tls))
_, all, text = doctor("--url", "https://csms.example", with("tls.lua", over_tls))
matches(find(all, "tls.certificate is not of csms.example"), { level = "wrong" }, text)
matches(find(all, "tls.certificate expires in 1 day"), { level = "notice" }, text)
matches(find(all, "this machine does not trust it"), { level = "notice" }, text)
check(find(all, "busbard warns: tls.key: others may read"), text)

log "who does not say where the server is has the configured one asked; one that speaks in the clear to others is told so"
url = ""
_, all, text = doctor(with("own.lua", sqlite(server.folder .. "/new.db", net.base:match "//(.*)$")))
matches(find(all, net.base:gsub("%p", "%%%0") .. " is well"), { level = "ok" }, text)
_, all, text = doctor(with("open.lua", sqlite(server.folder .. "/new.db", "0.0.0.0:0")))
matches(find(all, "nothing here speaks TLS"), { level = "notice" }, text)
url = net.base

log "of another version, and with secrets"
local secret = edited("secret.lua", function(t) return t .. "\nnotifications = { smtp_password = 'hunter2-hunter2' }\n" end)
os.execute("chmod 644 '" .. secret .. "'")
wrong("everybody may read it: notifications.smtp_password", "--config", secret)
server.sql "insert into migrations (owner, number, name, checksum, applied_at) values ('core', 9999, '9999_later', 'x', '2026-01-01T00:00:00.000Z')"
wrong("of a newer version: core/9999_later", "--config", config)
server.sql "delete from migrations where number = 9999"

-- Backups of a server that works: what was answered before one began is in it, and the ledger of what is restored adds up.
settings {}
local net, wallets = require "net", require "wallets"

local CHARGERS, BEFORE, AFTER = 6, 24, 48 -- chargers; answered sessions when a backup begins; those when all ends
local busbarctl, config = server.bin .. "/busbarctl", server.folder .. "/busbar.lua"

local runs = 0
local function ctl(...)
  runs = runs + 1
  local path = server.folder .. "/out" .. runs
  local status = program { stdout = path, stderr = path, env = { HOME = server.folder, XDG_CONFIG_HOME = "", BUSBAR_URL = net.base, BUSBAR_KEY = net.key },
    busbarctl, ... }
  local file = io.open(path)
  local text = file:read "a"
  file:close()
  return status, text
end
local function done(...)
  local status, text = ctl(...)
  equal(status, 0, text)
  return text
end
local function refused(pattern, ...)
  local status, text = ctl(...)
  equal(status, 1, text)
  check(text:find(pattern), text)
end
local function shell(line)
  local pipe = io.popen("cd '" .. server.folder .. "' && " .. line)
  local text = pipe:read "a"
  pipe:close()
  return text
end
local function path(name)
  return server.folder .. "/" .. name
end

wallets.tariff { price_per_kwh_minor = 30, tax_percent = 19 }
local anna = wallets.make("anna", 10000000)
wallets.token("ANNA", "anna")
local chargers = {}
for i = 1, CHARGERS do
  seed.charger("BK" .. i)
  chargers[i] = charger { id = "BK" .. i }
  chargers[i]:connect()
  chargers[i]:boot()
end

log "sessions go on while two backups are made: by the server, and beside it"
local answered, ended = {}, false
local function charge(cp)
  return function()
    while not ended do
      table.insert(answered, wallets.session(cp, "ANNA", 1000 + #answered))
    end
  end
end
local known = {}
local function back_up(name, when, ...)
  eventually(function() return #answered >= when end, 60)
  known[name] = table.move(answered, 1, #answered, 1, {})
  local text = done("backup", path(name), ...)
  check(text:find("KiB, of 20.*" .. server.engine .. ", version %d.*migrations") or text:find "MiB, of 20", text)
end
local all = { function()
  back_up("by_server.backup", BEFORE)
  back_up("beside.backup", #answered + BEFORE / 2, "--config", config)
  eventually(function() return #answered >= AFTER end, 60)
  ended = true
end }
for _, cp in ipairs(chargers) do
  table.insert(all, charge(cp))
end
parallel(table.unpack(all))
check(#answered > #known["beside.backup"], "sessions went on")
equal(http.get("/api/admin/audit?path=/api/admin/backup").body.items[1].status, 200)

log "who looks on sees how far it has come"
local seen = shell(string.format("HOME=. XDG_CONFIG_HOME= script -qec \"%s backup seen.backup --config %s\" seen.txt >/dev/null; cat seen.txt", busbarctl, config))
for _, what in ipairs { "writing", "checking", server.engine == "postgres" and "copying" or "writing" } do
  check(seen:find("\r" .. what .. "  .*[%d.]+ %w+, "), what .. ": " .. seen)
end
check(not done("backup", path "unseen.backup", "--config", config):find "writing", "nobody looks on")

log "a file that nobody else may read, and that any tar reads"
equal(shell "stat -c %a by_server.backup", "600\n")
local manifest = json.decode(shell "tar xOf by_server.backup manifest.json")
matches(manifest, { format = 1, engine = server.engine })
check(#manifest.migrations > 10, "its migrations")
equal(shell("tar xOf by_server.backup " .. manifest.file .. " | sha256sum"):match "%x+", manifest.sha256)
matches(json.decode(done("--json", "restore", path "by_server.backup", "--check")), { engine = server.engine, sha256 = manifest.sha256 })
equal(shell "ls -A | grep -c '^[.]busbar-'", "0\n", "nothing is left beside it")

log "what is refused"
refused("is there already", "backup", path "by_server.backup")
refused("No such file", "backup", path "nowhere/x.backup")
equal(ctl("restore", path "by_server.backup"), 2)
refused("is no backup of Busbar", "restore", config, "--check")
refused("No such file", "restore", path "nothing", "--check")
shell "head -c 100000 by_server.backup >cut.backup; cp by_server.backup bent.backup; printf x | dd of=bent.backup bs=1 seek=50001 conv=notrunc 2>&1"
refused("is not whole", "restore", path "cut.backup", "--check")
refused("is damaged", "restore", path "bent.backup", "--check")
local text = shell "tar xOf by_server.backup manifest.json"
shell("mkdir newer && cd newer && tar xf ../by_server.backup && tar --format=ustar -cf ../newer.backup " .. manifest.file .. " manifest.json")
done("restore", path "newer.backup", "--check")
server.write_file("newer/manifest.json", (text:gsub('"0001_core"', '"0001_unheard_of"')))
shell("cd newer && tar --format=ustar -cf ../newer.backup " .. manifest.file .. " manifest.json")
refused("core/0001_unheard_of, which is not known here", "restore", path "newer.backup", "--check")
local operators = http.post("/api/admin/keys", { name = "of one", role = "admin", operator_id = "default" })
if operators.status == 201 then
  equal(http { method = "POST", path = "/api/admin/backup", key = operators.body.key }.status, 403)
end
local other = http.post("/api/admin/keys", { name = "operator", role = "operator", operator_id = "default" }).body.key
equal(http({ method = "POST", path = "/api/admin/backup", key = other }).status, 403)

log "a server that runs is not restored over"
refused(server.engine == "sqlite" and "process %d+ has it open" or "other connections; stop busbard", "restore", path "by_server.backup", "--config",
  config, "--force")
for _, cp in ipairs(chargers) do
  cp:disconnect()
end
server.stop()
refused("there is a database already", "restore", path "by_server.backup", "--config", config)

local function prove(name)
  server.start()
  local found = {}
  local cursor
  repeat
    local page = http.get("/api/admin/transactions?limit=500" .. (cursor and "&cursor=" .. escape(cursor) or "")).body
    for _, t in ipairs(page.items) do
      found[tonumber(t.id)] = t
    end
    cursor = page.next_cursor
  until not cursor or cursor == json.null
  for _, id in ipairs(known[name]) do
    matches(found[id], { state = "completed" }, "session " .. tostring(id))
  end
  check(done("wallet", "reconcile"):find "is what the sessions say", name)
  local cp = charger { id = "BK1" }
  cp:connect()
  cp:boot()
  local id = wallets.session(cp, "ANNA", 1000)
  for _, earlier in ipairs(known[name]) do
    check(id ~= earlier, "ids are not given twice")
  end
  wallets.bill_when(id, "billed")
  cp:disconnect()
end

log "restored"
server.sql "create table of_others (id integer); update chargers set vendor = 'later'"
check(done("restore", path "by_server.backup", "--config", config, "--force"):find "Restored")
prove "by_server.backup"
equal(http.get("/api/admin/chargers?vendor=later").body.items[1], nil)
server.stop()

log "restored where there is nothing"
if server.engine == "sqlite" then
  check(#shell "ls busbar.db.before-*" > 0, "what was there is kept")
  shell "rm busbar.db*"
else
  server.sql "set client_min_messages = warning; drop schema public cascade; create schema public"
end
check(done("restore", path "beside.backup", "--config", config):find "Restored")
prove "beside.backup"

log "what fails in the middle changes nothing"
server.stop()
server.sql "update chargers set vendor = 'untouched'"
local command = { stdout = path "out", stderr = path "out" }
if server.engine == "sqlite" then -- no file may be longer than 100 KiB
  table.move({ "sh", "-c", [[trap '' XFSZ; ulimit -f 100; exec "$0" "$@"]] }, 1, 3, 1, command)
else -- pg_restore ends half way, and says so
  shell "mkdir bin"
  server.write_file("bin/pg_restore", [[
#!/bin/sh
PATH=${PATH#*:}
case "$*" in
*--no-owner*) pg_restore "$@" | head -c 150000; exit 1 ;;
*) exec pg_restore "$@" ;;
esac
]])
  shell "chmod +x bin/pg_restore"
  command.env = { PATH = path "bin" .. ":" .. os.getenv "PATH" }
end
table.move({ busbarctl, "restore", path "beside.backup", "--config", config, "--force" }, 1, 6, #command + 1, command)
equal(program(command), 1, shell "cat out")
equal(shell "ls -A | grep -c '^[.]busbar-'", "0\n", "nothing is left beside it")
server.start()
equal(#http.get("/api/admin/chargers?vendor=untouched").body.items, CHARGERS)
check(done("wallet", "reconcile"):find "is what the sessions say")

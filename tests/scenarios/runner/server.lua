-- The server of a story: busbard in a folder of its own, with its database.
local core = require "core"
local http = require "http"
local net = require "net"
local story = require "story"
local task = require "task"
local database = require "database"
local config_text = require "config_text"
local pki = require "pki"

local server = { config = nil, folder = nil, engine = nil, bin = core.args.bin }

local KEPT_BY_LIBRARIES = arg[0]:match "^(.*)/[^/]+$" .. "/lsan.txt" -- leaks that are none
local START_SECONDS, STOP_SECONDS = 60, 30
local SIGNALS = { TERM = 15, KILL = 9, HUP = 1, STOP = 19, CONT = 18 }

local process, exited -- of the running busbard

local function write_file(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

local function read_file(path)
  local file = io.open(path)
  local text = file and file:read "a"
  if file then
    file:close()
  end
  return text
end

local function merge(into, from)
  for key, value in pairs(from or {}) do
    if type(value) == "table" and type(into[key]) == "table" then
      merge(into[key], value)
    else
      into[key] = value
    end
  end
  return into
end

-- settings: config (sections of the configuration), own_cluster (a PostgreSQL that the story may stop), tls (true, or
-- options of pki.lua: a TLS listener, too), serves_files (it knows the URL of its files), authorities (the root of `tls` signs
-- chargers' certificates, and one below it firmware), asan (more options of AddressSanitizer)
function server.prepare(engine, settings)
  local pipe = assert(io.popen("mktemp -d '" .. core.args.bin .. "/../tests/scenario.XXXXXX'"))
  server.folder = pipe:read "l"
  pipe:close()
  server.engine = engine
  server.serves_files = settings.serves_files
  server.asan = settings.asan and ":" .. settings.asan or ""
  server.database = database.prepare(engine, server.folder, settings.own_cluster)
  server.config = merge({
    busbar = { log_level = "info", check_answers = true },
    http = { listen = "127.0.0.1:0" },
    storage = { engine = engine },
    rest = { per_key = 0, per_address = 0 },
    chargers = { password_iterations = 1000 },
  }, server.database.config)
  if settings.tls then
    server.config.tls, server.root = pki.listener(server.folder, type(settings.tls) == "table" and settings.tls or {})
  end
  if settings.authorities then
    server.config.ocpp16_security = pki.authorities(server.folder, server.root)
  end
  merge(server.config, settings.config)
end

-- A file in the server's folder; its path.
function server.write_file(name, text)
  local path = server.folder .. "/" .. name
  write_file(path, text)
  return path
end

function server.write_config()
  write_file(server.folder .. "/busbar.lua", config_text(server.config))
end

function server.log()
  return read_file(server.folder .. "/busbard.log") or ""
end

-- Its end, or only what is about one charger.
function server.show_log(charge_point_id)
  local lines = {}
  for line in server.log():gmatch "[^\n]+" do
    if not charge_point_id or line:find(charge_point_id, 1, true) then
      lines[#lines + 1] = line
    end
  end
  io.stderr:write "--- the end of the server's log\n"
  for i = math.max(1, #lines - 60), #lines do
    io.stderr:write(lines[i], "\n")
  end
end

local function spawn(leaks)
  local port_file = server.folder .. "/port"
  os.remove(port_file)
  exited = { changed = task.condition() }
  local mine = exited
  process = core.process({
    "setpriv", "--pdeathsig", "KILL",
    core.args.bin .. "/busbard", "--config", server.folder .. "/busbar.lua", "--port-file", port_file,
    stdout = server.folder .. "/busbard.log",
    stderr = server.folder .. "/busbard.log",
    env = { ASAN_OPTIONS = "exitcode=99:detect_leaks=" .. (leaks or "1") .. server.asan,
      LSAN_OPTIONS = "print_suppressions=0:suppressions=" .. KEPT_BY_LIBRARIES, UBSAN_OPTIONS = "print_stacktrace=1:halt_on_error=1" },
  }, function(status, signal)
    mine.status, mine.signal = status, signal
    mine.changed:notify()
  end)
  return port_file
end

-- The ports, the plain one and that of TLS; 0: there is none.
local function listening(port_file)
  return (read_file(port_file) or ""):match "^(%d+)\n(%d+)\n"
end

local function wait_for(what, seconds, ready)
  local deadline = core.mono_us() + seconds * 1e6
  while not ready() do
    if exited.status then
      story.fail("busbard ended with status %d, signal %d", exited.status, exited.signal)
    elseif core.mono_us() > deadline then
      story.fail("busbard %s within %d s", what, seconds)
    end
    task.sleep(0.02)
  end
end

local function bootstrap()
  local response = http { method = "POST", path = "/api/admin/bootstrap", key = false }
  if response.status ~= 201 and response.status ~= 200 then
    story.fail("bootstrap: HTTP %d, %s", response.status, response.text)
  end
  net.key = response.body.key
end

-- Starts it and waits until it listens. `server.base` and `server.tls_base` follow its ports.
function server.listen()
  server.write_config()
  local port_file = spawn()
  wait_for("does not listen", START_SECONDS, function()
    return listening(port_file)
  end)
  local port, tls_port = listening(port_file)
  server.tls_base = tls_port ~= "0" and "https://127.0.0.1:" .. tls_port or nil
  net.tls_base = server.tls_base
  net.base = port ~= "0" and "http://127.0.0.1:" .. port or server.tls_base
  server.base = net.base
end

-- Starts it and waits until it is well, as the plugin rest says.
function server.start()
  server.listen()
  wait_for("is not well", START_SECONDS, function()
    local health = http.try { path = "/health", key = false }
    return health and health.status == 200
  end)
  if not net.key then
    bootstrap()
  end
  if server.serves_files then
    server.reload { files = { base_url = server.base } }
  end
end

-- LeakSanitizer's own thread crashes now and then, in any program (google/sanitizers#1353): that says nothing of
-- this one but that nobody has looked for leaks. `before`: how long the log was.
local SANITIZER_CRASH = "Tracer caught signal.-HINT: LeakSanitizer does not work under ptrace[^\n]*"

local function sanitizer_crashed(before)
  return exited.status == 99 and server.log():find(SANITIZER_CRASH, before + 1) ~= nil
end

-- Starts it with the expectation that it ends by itself; its exit status.
function server.start_failing(leaks)
  server.write_config()
  local before = #server.log()
  spawn(leaks)
  exited.changed:wait_for(function()
    return exited.status
  end, START_SECONDS)
  process = nil
  if sanitizer_crashed(before) then
    return server.start_failing "0"
  end
  return exited.status or story.fail "busbard goes on running"
end

function server.signal(name)
  if not process or not process:kill(SIGNALS[name]) then
    story.fail "busbard is not running"
  end
end

function server.pid()
  return process and process:pid()
end

function server.running()
  return process ~= nil and exited.status == nil
end

-- What AddressSanitizer or UndefinedBehaviorSanitizer may have reported.
local function check_sanitizers()
  local log = server.log():gsub(SANITIZER_CRASH, "")
  for _, mark in ipairs { "Sanitizer", "runtime error:" } do
    local at = log:find(mark, 1, true)
    if at then
      story.fail("busbard's log: %s", log:sub(math.max(1, at - 40), at + 200))
    end
  end
end

local function wait_exit(what)
  exited.changed:wait_for(function()
    return exited.status
  end, STOP_SECONDS)
  if not exited.status then
    story.fail("busbard does not end after %s", what)
  end
  process = nil
end

-- SIGTERM; it must end in order, with status 0, without leaks.
function server.stop()
  local before = #server.log()
  server.signal "TERM"
  wait_exit "SIGTERM"
  check_sanitizers()
  if sanitizer_crashed(before) then
    story.say "LeakSanitizer has crashed: nobody has looked for leaks"
  elseif exited.status ~= 0 or exited.signal ~= 0 then
    story.fail("busbard stopped with status %d, signal %d", exited.status, exited.signal)
  end
end

-- SIGKILL: whatever it was doing.
function server.kill()
  server.signal "KILL"
  wait_exit "SIGKILL"
  check_sanitizers()
end

function server.restart()
  server.stop()
  server.start()
end

-- Changes the configuration and sends SIGHUP; waits for the log line that tells of the reload.
function server.reload(change)
  merge(server.config, change)
  server.write_config()
  local before = #server.log()
  server.signal "HUP"
  wait_for("does not reload", START_SECONDS, function()
    return server.log():lower():find("reload", before + 1, true) or server.log():find("configuration", before + 1, true)
  end)
end

-- SQL into the database, past the server: as another node, or an administrator, would.
function server.sql(text)
  local command = server.engine == "sqlite" and "sqlite3 -bail -cmd '.timeout 5000' '" .. server.folder .. "/busbar.db'"
    or "psql -q -v ON_ERROR_STOP=1 '" .. server.database.url .. "'"
  local pipe = assert(io.popen(command, "w"))
  pipe:write(text)
  if not pipe:close() then
    story.fail("sql: %s", text)
  end
end

-- The one value that a query has, as text. It has no quotes of either kind.
function server.sql_value(text)
  local command = server.engine == "sqlite" and "sqlite3 -cmd '.timeout 5000' '" .. server.folder .. "/busbar.db'"
    or "psql -qAt '" .. server.database.url .. "' -c"
  local pipe = assert(io.popen(command .. ' "' .. text .. '"'))
  local value = pipe:read "l"
  if not pipe:close() then
    story.fail("sql: %s", text)
  end
  return value
end

-- A server that another run started, by what that has said of it.
function server.describe()
  return {
    base = net.base,
    tls_base = net.tls_base,
    key = net.key,
    ca = core.args.ca,
    folder = server.folder,
    engine = server.engine,
    root = server.root,
    database = { url = server.database.url },
  }
end

function server.attach(description)
  for _, name in ipairs { "folder", "engine", "root", "database", "base", "tls_base" } do
    server[name] = description[name]
  end
  net.base, net.tls_base, net.key = description.base, description.tls_base, description.key
  core.args.ca = description.ca
end

function server.finish()
  if server.running() then
    server.stop()
  end
end

function server.clean_up(all)
  if server.database then
    server.database.clean_up()
  end
  if all then
    os.execute("rm -rf '" .. server.folder .. "'")
  elseif server.folder then
    io.stderr:write("--- kept: ", server.folder, "\n")
  end
end

return server

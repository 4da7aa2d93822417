-- A configuration that is not right stops the start: status 1, and the log names the file, the line and the thing.
server.stop()

local good = server.config
local function refused(change, ...)
  local copy = {}
  for section, options in pairs(good) do
    copy[section] = options
  end
  for section, options in pairs(change) do
    copy[section] = options
  end
  server.config = copy
  local before = #server.log()
  equal(server.start_failing(), 1, show(change))
  local said = server.log():sub(before + 1)
  for _, word in ipairs { ... } do
    check(said:find(word, 1, true), word .. " is named in: " .. said)
  end
end

refused({ http = { listn = "127.0.0.1:0" } }, "busbar.lua:", "listn")
refused({ http = { listen = 8080 } }, "busbar.lua:", "listen")
refused({ http = { listen = "nowhere" } }, "nowhere")
refused({ busbar = { log_level = "loud" } }, "busbar.lua:", "log_level", "loud")
refused({ ocpp = { call_timeout = "soon" } }, "busbar.lua:", "call_timeout")
refused({ nonsense = { a = 1 } }, "busbar.lua:", "nonsense")
refused({ plugins = { "chargers", "coffee" } }, "coffee")
refused({ plugins = { "transactions" } }, "transactions", "chargers/1")
refused({ storage = { engine = "paper" } }, "busbar.lua:", "engine", "paper")
if server.engine == "sqlite" then
  refused({ storage_sqlite = { path = "/nowhere/at/all.db" } }, "/nowhere/at/all.db")
else
  refused({ storage_postgres = { url = "postgresql://busbar@127.0.0.1:1/none" } }, "127.0.0.1")
end

log "--check finds it without starting anything"
local function check_only(setting)
  return program { server.bin .. "/busbard", "--check", "--set", setting, stderr = server.folder .. "/check.log" }
end
equal(check_only "http.listen=nowhere", 1)
equal(check_only "plugins=coffee", 1)
equal(check_only "http.listen=127.0.0.1:0", 0)

server.config = good
server.start()

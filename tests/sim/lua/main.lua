-- Finds the story, gives it its words, runs it.
local core = require "core"
local check = require "check"
local http = require "http"
local net = require "net"
local story = require "story"
local task = require "task"
local Charger = require "charger"
require "connection"(Charger)
require "messages"(Charger)
require "behaviour"(Charger)
require "live"(Charger)

local args = core.args

local function fail(err, co)
  io.stderr:write("FAILED  ", tostring(err), "\n")
  if story.verbose or not tostring(err):find "^[^\n]+:%d+: " then
    io.stderr:write(debug.traceback(co), "\n")
  end
  core.finish(1)
end
task.on_error = fail

net.base = args.url and args.url:gsub("/$", "") or nil
net.key = args.key

-- Runs fn until it returns something true, and returns that.
local function eventually(fn, timeout)
  local deadline = core.mono_us() + (timeout or 30) * 1e6
  while true do
    local result = fn()
    if result then
      return result
    elseif core.mono_us() > deadline then
      story.fail("it did not happen within %s s", timeout or 30)
    end
    task.sleep(0.05)
  end
end

-- program{"name", "argument", ..., env={}, stdout=FILE, stderr=FILE}: its exit status.
local function program(options)
  local ended, status = task.condition(), nil
  core.process(options, function(code, signal)
    status = signal == 0 and code or 128 + signal
    ended:notify()
  end)
  while not status do
    ended:wait()
  end
  return status
end

local words = {
  program = program,
  charger = Charger.new,
  wait = task.sleep,
  parallel = task.parallel,
  spawn = task.spawn,
  eventually = eventually,
  http = http,
  try_http = http.try,
  tcp = net.tcp,
  listen = net.listen,
  http_server = require "http_server",
  escape = net.escape,
  ws_frame = net.ws_frame,
  ws_handshake = net.ws_handshake,
  check = check.check,
  equal = check.equal,
  matches = check.matches,
  fails = check.fails,
  show = check.show,
  log = story.say,
  crypto = require "crypto",
  seed = require "seed",
  json = { encode = core.json_encode, decode = core.json_decode, null = core.null },
  settings = function() end,
  now = function(offset)
    return core.format_time(core.now_ms() + math.floor((offset or 0) * 1000))
  end,
  array = function(items)
    return setmetatable(items or {}, core.array)
  end,
}
for name, word in pairs(words) do
  _G[name] = word
end

local function exists(path)
  local file = io.open(path)
  return file and file:close()
end

-- A path, or the name of a bundled story.
local function find_story(name)
  local bundled = string.format("%s/stories/%s.lua", args.share, name)
  return not exists(name) and exists(bundled) and bundled or name
end

arg = args.argv
local path = find_story(arg[0])
task.spawn(function()
  if not exists(path) then
    io.stderr:write(string.format("busbar-sim: there is no story %s, no file and none bundled; see --help\n", path))
    core.finish(2)
    return
  end
  local chunk, err = loadfile(path, "t")
  if not chunk then
    error(err, 0)
  end
  chunk(table.unpack(arg))
  core.finish(0)
end)

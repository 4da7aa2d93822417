-- busbarctl against the story's server.
local core, net = require "core", require "net"
local ctl = {}
local TERM = 15

-- The exit status and all that it printed.
function ctl.run(line)
  local pipe = io.popen(string.format("HOME=%s XDG_CONFIG_HOME= BUSBAR_URL=%s BUSBAR_KEY=%s %s/busbarctl %s 2>&1",
    server.folder, net.base, net.key, core.args.bin, line))
  local output = pipe:read "a"
  local _, _, status = pipe:close()
  return status, output
end

function ctl.done(line, pattern)
  local status, output = ctl.run(line)
  equal(status, 0, line .. ": " .. output)
  check(not pattern or output:find(pattern), line .. ": " .. output)
  return output
end

function ctl.refused(line, status, pattern)
  local got, output = ctl.run(line)
  equal(got, status, line .. ": " .. output)
  check(output:find(pattern), line .. ": " .. output)
end

local Running = {}
Running.__index = Running

-- One that goes on beside the story, at most as long as that; it prints into `file`.
function ctl.begin(line, file)
  local running = setmetatable({ line = line, file = file }, Running)
  local words = { "setpriv", "--pdeathsig", "KILL", core.args.bin .. "/busbarctl" }
  for word in line:gmatch "%S+" do
    words[#words + 1] = word
  end
  words.stdout, words.stderr = file, file
  words.env = { HOME = server.folder, XDG_CONFIG_HOME = "", BUSBAR_URL = net.base, BUSBAR_KEY = net.key }
  running.process = core.process(words, function(status)
    running.status = status
  end)
  return running
end

function Running:text()
  local file <close> = assert(io.open(self.file))
  return file:read "a"
end

function Running:wait(pattern)
  return eventually(function()
    local text = self:text()
    return text:find(pattern) and text
  end)
end

-- What it printed, once it has ended well.
function Running:finish()
  eventually(function()
    return self.status
  end)
  equal(self.status, 0, self.line .. ": " .. self:text())
  return self:text()
end

function Running:stop()
  self.process:kill(TERM)
end

return ctl

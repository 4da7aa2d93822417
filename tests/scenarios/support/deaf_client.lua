-- A client that asks for a path and never reads the answer: deaf_client(path), whose is_served() tells whether the server still
-- has its end of the line. It ends with the story.
local core, net = require "core", require "net"
local here = debug.getinfo(1, "S").source:match "^@(.*)/[^/]+$"
local ESTABLISHED = "01"

return function(path)
  local url, log = net.parse_url(net.base), server.folder .. "/deaf_client.log"
  core.process({
    "setpriv", "--pdeathsig", "KILL", here .. "/deaf_client.py", url.host, tostring(url.port), path, net.key,
    stdout = log, stderr = log,
  }, function() end)
  local port = eventually(function()
    local file = io.open(log)
    return file and tonumber((file:read "l"))
  end)
  local line = string.format(":%04X 0100007F:%04X %s ", url.port, port, ESTABLISHED)
  local self = {}
  function self.is_served()
    local file <close> = assert(io.open "/proc/net/tcp")
    return file:read("a"):find(line, 1, true) ~= nil
  end
  return self
end

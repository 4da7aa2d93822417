-- A client that asks for a path and never reads the answer: deaf_client(path[, key]), whose is_served() tells whether the server still
-- has its end of the line, and unsent() how much waits there. It ends with the story.
local core, net = require "core", require "net"
local here = debug.getinfo(1, "S").source:match "^@(.*)/[^/]+$"
local ESTABLISHED = "01"

return function(path, key)
  local url, log = net.parse_url(net.base), server.folder .. "/deaf_client.log"
  core.process({
    "setpriv", "--pdeathsig", "KILL", here .. "/deaf_client.py", url.host, tostring(url.port), path, key or net.key,
    stdout = log, stderr = log,
  }, function() end)
  local port = eventually(function()
    local file = io.open(log)
    return file and tonumber((file:read "l"))
  end)
  local line = string.format(":%04X 0100007F:%04X %s ", url.port, port, ESTABLISHED)
  local self = {}
  -- Of the server's end of the line: how many bytes wait there; nil if it is closed.
  function self.unsent()
    local file <close> = assert(io.open "/proc/net/tcp")
    local table = file:read "a"
    local _, to = table:find(line, 1, true)
    return to and tonumber(table:match("^(%x+):", to + 1), 16)
  end
  function self.is_served()
    return self.unsent() ~= nil
  end
  return self
end

-- A client that asks for a path and never reads the answer; deaf_client(path). It ends with the story.
local core, net = require "core", require "net"
local here = debug.getinfo(1, "S").source:match "^@(.*)/[^/]+$"

return function(path)
  local url, log = net.parse_url(net.base), server.folder .. "/deaf_client.log"
  core.process({
    "setpriv", "--pdeathsig", "KILL", here .. "/deaf_client.py", url.host, tostring(url.port), path, net.key,
    stdout = log, stderr = log,
  }, function() end)
end

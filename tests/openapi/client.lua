-- Tells client.sh where the server is; what it finds is in its exit status.
local net = require "net"

local script = arg[0]:gsub("%.lua$", ".sh")
equal(program { "sh", script, env = { BUSBAR_URL = net.base } }, 0)

-- Tells charge.js where the server is; what it finds is in its exit status.
local net = require "net"

local script = arg[0]:gsub("%.lua$", ".js")
equal(program { "node", script, env = { BUSBAR_URL = net.base, BUSBAR_KEY = net.key } }, 0)

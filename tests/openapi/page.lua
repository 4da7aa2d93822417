-- Tells page.sh where the server is; what the page lacks is in its exit status.
local net = require "net"

local script = arg[0]:gsub("%.lua$", ".sh")
equal(program { "sh", script, env = { BUSBAR_URL = net.base } }, 0)

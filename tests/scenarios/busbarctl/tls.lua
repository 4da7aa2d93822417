-- busbarctl and a server behind TLS: roots of one's own, or none.
settings { tls = true }
local net = require "net"

local function ctl(options, environment)
  local command = {
    "env", "HOME=" .. server.folder, "BUSBAR_URL=" .. server.tls_base, "BUSBAR_KEY=" .. net.key, environment or "A=B",
    server.bin .. "/busbarctl", stdout = server.folder .. "/out", stderr = server.folder .. "/err",
  }
  for _, option in ipairs(options) do
    table.insert(command, option)
  end
  return program(command)
end

local root = server.folder .. "/root.pem"
equal(ctl { "health" }, 3)
equal(ctl { "--ca", root, "health" }, 0)
equal(ctl({ "health" }, "BUSBAR_CA=" .. root), 0)
equal(ctl { "--insecure", "health" }, 0)
equal(ctl { "--ca", server.write_file("other.pem", crypto.ca("Another").certificate), "health" }, 3)
os.execute("mkdir -p '" .. server.folder .. "/.config'")
server.write_file(".config/busbar", "ca = " .. root .. "\n")
equal(ctl { "chargers", "list" }, 0)

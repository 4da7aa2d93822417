-- The ten minutes of docs/tariff-guide.md: what is to be typed, typed, prints what is printed there.
local net = require "net"
local blocks, root = require "printed"("tariff-guide.md")

-- In place of ./quickstart: its demo session, at the story's server.
equal(blocks[1].commands, "./quickstart\n")
equal(program { server.bin .. "/busbar-sim", "--quiet", root .. "/packaging/demo.lua",
  env = { BUSBAR_URL = net.base, BUSBAR_KEY = net.key }, stdout = server.folder .. "/demo" }, 0)
equal(program { "sh", "-c", 'cd "$1" && mkdir -p build/quickstart quickstart.d && ln -s "$(realpath "$2")" build/quickstart/bin', "sh",
  server.folder, server.bin }, 0)
server.write_file("quickstart.d/admin.key", net.key .. "\n")

local END = "-- the end of a block"
local typed = {}
for i = 2, #blocks do
  typed[#typed + 1] = blocks[i].commands .. "echo '" .. END .. "'\n"
end
server.write_file("typed", table.concat(typed))
equal(program { "sh", "-c", 'cd "$1" && sh typed', "sh", server.folder,
  env = { BUSBAR_URL = net.base, HOME = server.folder, XDG_CONFIG_HOME = "" },
  stdout = server.folder .. "/printed", stderr = server.folder .. "/printed" }, 0)

-- Times are those of whoever has typed.
local function timeless(text)
  return (text:gsub("%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ", "TIME"):gsub(" +\n", "\n"))
end

local file = assert(io.open(server.folder .. "/printed"))
local printed = file:read "a"
file:close()
local at = 1
for i = 2, #blocks do
  local from, to = printed:find(END .. "\n", at, true)
  check(from, "block " .. i .. " was typed: " .. printed:sub(at))
  equal(timeless(printed:sub(at, from - 1)), timeless(blocks[i].output or ""), blocks[i].commands)
  at = to + 1
end
check(#blocks > 10, "as many blocks as there were")

-- busbarctl against the story's server.
local core, net = require "core", require "net"
local ctl = {}

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

return ctl

-- Each plugin that comes with Busbar, on an empty database and with nothing but what it says it needs: it starts without
-- a complaint, listens, and stops.
local listed = server.folder .. "/listed"
local gives, needs, names = {}, {}, {}
equal(program { server.bin .. "/busbard", "--list-plugins", stdout = listed }, 0)
for name, rest in io.open(listed):read("a"):gmatch "plugin ([%w_]+) ([^\n]*)" do
  needs[name] = {}
  names[#names + 1] = name
  for service in rest:gmatch "gives ([%w_./]+)" do
    gives[service] = name
  end
  for service in rest:gmatch "needs ([%w_./]+)" do
    table.insert(needs[name], service)
  end
end
check(#names > 20, "the list of plugins is read")

-- A plugin behind all that it needs.
local function with_needs(name, into)
  if into[name] or name:find "^storage_" then
    return into
  end
  into[name] = true
  for _, service in ipairs(needs[name]) do
    with_needs(gives[service], into)
  end
  table.insert(into, name)
  return into
end

local function complaint(log)
  for line in log:gmatch "[^\n]+" do
    if line:find "level=warn" or line:find "level=error" then
      return line
    end
  end
end

-- A section of a plugin that is not there is refused.
local sections = { chargers = server.config.chargers, rest = server.config.rest }

server.stop()
for _, name in ipairs(names) do
  if not name:find "^storage_" then
    local set, plugins = with_needs(name, {}), array {}
    for _, needed in ipairs(set) do
      plugins[#plugins + 1] = needed
    end
    for section, options in pairs(sections) do
      server.config[section] = set[section] and options or nil
    end
    log("%s", table.concat(plugins, " "))
    server.database.empty()
    server.config.plugins = plugins
    local before = #server.log()
    server.listen()
    server.stop()
    equal(complaint(server.log():sub(before + 1)), nil, name)
  end
end

-- What the server says it has stands in the tables of docs/: plugins and tasks in architecture.md, services, hooks, topics
-- and headers in plugins.md. Each plugin has a page that README names.
local root = (arg[0]:match "^(.*)/tests/" or ".")

local function lines_of(path)
  local file = assert(io.open(root .. "/" .. path))
  local text = file:read "a"
  file:close()
  return text
end

-- The rows of a page's tables.
local function rows_of(path)
  local rows = {}
  for row in lines_of(path):gmatch "\n(|[^\n]*)" do
    rows[#rows + 1] = row
  end
  return table.concat(rows, "\n")
end

local function listed(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  check(pipe:close(), command)
  return text
end

local missing = {}
local function expect(page, rows, what, name)
  if not rows:find("`" .. name .. "`", 1, true) then
    missing[#missing + 1] = ("%s: no row of the %s %s"):format(page, what, name)
  end
end

local architecture, plugins, readme = rows_of "docs/architecture.md", rows_of "docs/plugins.md", rows_of "README.md"
local count = 0
for line in listed("'" .. server.bin .. "/busbard' --list-plugins 2>/dev/null"):gmatch "[^\n]+" do
  local what, name = line:match "^(%l+) ([^%s:]+)"
  count = count + 1
  if what == "plugin" or what == "task" then
    expect("docs/architecture.md", architecture, what, name)
  elseif what == "hook" or what == "topic" then
    expect("docs/plugins.md", plugins, what, name)
  end
  local service = line:match "^plugin.* gives (%S+)"
  if service then
    expect("docs/plugins.md", plugins, "service", service)
  end
end
check(count > 100, "the server lists what it has")
for header in listed("ls '" .. root .. "/core/include/busbar'"):gmatch "%S+" do
  expect("docs/plugins.md", plugins, "header", "<busbar/" .. header .. ">")
end
for page in listed("ls '" .. root .. "/docs'"):gmatch "%S+%.md" do
  if page ~= "architecture.md" and not readme:find("docs/" .. page, 1, true) then
    missing[#missing + 1] = "README.md: no row of docs/" .. page
  end
end
equal(table.concat(missing, "\n"), "")

-- Every command has its help, and the man page says all that help does.
local ctl = require "ctl"
local paths = http.get("/openapi.json", nil, { key = false }).body.paths

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end
-- What a reader sees: without troff's requests, with blanks as they come.
local function plain(text)
  return (text:gsub("\n%.%u+ ?", "\n"):gsub("\\f%u", ""):gsub("\\%-", "-"):gsub("\\e", "\\"):gsub("\\&", ""):gsub('"', ""):gsub("%s+", " "))
end
local man = plain(read(server.bin .. "/../man/busbarctl.1"))
local function is_in_man(text, of)
  check(man:find(plain(text), 1, true), "the man page has nothing of " .. of .. ": " .. text)
end

local all = ctl.done "--help"
local commands, options = {}, all:match "\nOptions of all:\n(.-)\n\n"
for name in all:match "\nCommands:\n(.-)\n\n":gmatch "\n  ([%w-]+)" do
  commands[#commands + 1] = name
end
check(#commands > 30, #commands)
for option, text in options:gmatch "(%-%-%S+)[^\n]-  +([^\n]+)" do
  is_in_man(option, "the options")
  is_in_man(text, option)
end

-- The filters that the example of a list names are the list's.
local examples = 0
local function check_example(name)
  local help = ctl.done("help " .. name)
  local filters = help:match "\nFilters of list:\n(.-)\n\n" or ""
  for filter in (help:match "\nExample:\n  busbarctl %S+ list([^\n]*)" or ""):gmatch " (%l[%w_]*)=" do
    examples = examples + 1
    check(filters:find("  " .. filter .. "=", 1, true), help)
  end
end

local leaves, fields = 0, 0
local function check_verb(words)
  local help = ctl.done("help " .. words)
  local usage, text = help:match "^busbarctl ([^\n]+)\n\n(.-)\n"
  leaves = leaves + 1
  is_in_man(text, words)
  is_in_man("busbarctl " .. usage:gsub(" %[OPTION %.%.%.%]$", ""), words)
  for field in (help:match "\nFields:\n(.*)$" or ""):gmatch "\n?  (%l[%w_]*:?=)" do
    fields = fields + 1
    is_in_man(field, words)
  end
end
for _, name in ipairs(commands) do
  local help = ctl.done("help " .. name)
  local below = {}
  for verb in help:gmatch("\n  " .. name:gsub("%-", "%%-") .. " ([%w-]+)[^\n]*\n      ") do
    below[#below + 1] = verb
  end
  for _, verb in ipairs(below) do
    check_verb(name .. " " .. verb)
    if verb == "list" then
      check_example(name)
    end
  end
  if #below == 0 then
    check_verb(name)
  end
end
check(leaves > 90, leaves)
check(fields > 80, fields)
check(examples > 15, examples)
ctl.done("help chargers add", "station_id:=%s+whole number or null")
ctl.done("chargers set --help", "vendor=")

log "lists tell their filters, as the server describes them"
local function check_filters(words, route)
  local found = {}
  local help = ctl.done("help " .. words)
  for name in (help:match "\nFilters of %l+:\n(.-)\n\n" or ""):gmatch "  (%l[%w_]*)=%s" do
    found[name] = true
  end
  local expected = 0
  for _, p in ipairs(paths[route].get.parameters) do
    local is_filter = p["in"] == "query" and p.name ~= "limit" and p.name ~= "cursor" and p.name ~= "format"
    check(not is_filter or found[p.name], words .. ": " .. p.name .. ": " .. help)
    check(is_filter or not found[p.name], words .. ": " .. p.name .. ": " .. help)
    expected = expected + (is_filter and 1 or 0)
  end
  check(expected > 0 or help:find ":\n  none\n", words)
  check(man:find("Filters are the parameters of GET " .. route, 1, true), route)
end
check_filters("transactions", "/api/admin/transactions")
check_filters("transactions list", "/api/admin/transactions")
check_filters("failures list", "/api/admin/analytics/failures")
check_filters("events", "/api/events")
check_filters("tail", "/api/admin/chargers/{id}/messages")
check_filters("wallet unbilled", "/api/admin/bills")
check_filters("script versions", "/api/admin/scripts/{id}/versions")
ctl.done("transactions --help", "from= +time, as 20")
ctl.done("help analytics list", "interval= +hour|day|total; ")
ctl.done("--url http://127.0.0.1:1 help transactions list", "no server answers at http://127.0.0.1:1 to say.*GET /api/admin/transactions")

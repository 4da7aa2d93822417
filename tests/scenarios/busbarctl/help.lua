-- Every command has its help, and the man page says all that help does.
local ctl = require "ctl"

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
  end
  if #below == 0 then
    check_verb(name)
  end
end
check(leaves > 90, leaves)
check(fields > 80, fields)
ctl.done("help chargers add", "station_id:=%s+whole number or null")
ctl.done("chargers set --help", "vendor=")

-- Where in the story something happened, and what is printed about it.
local core = require "core"

local story = { quiet = core.args.quiet, verbose = core.args.verbose }

-- Folders whose files are not the story.
local hidden = { "@" .. core.args.share .. "/sim/" }

function story.hide(folder)
  hidden[#hidden + 1] = "@" .. folder
end

local function is_hidden(source)
  for _, folder in ipairs(hidden) do
    if source:sub(1, #folder) == folder then
      return true
    end
  end
  return false
end

-- The story's line that led here: "file:line: ", or "" in a task of the simulator's own.
local function place()
  for level = 3, 60 do
    local info = debug.getinfo(level, "Sl")
    if not info then
      return ""
    end
    if info.currentline > 0 and not is_hidden(info.source) then
      return string.format("%s:%d: ", info.short_src, info.currentline)
    end
  end
  return ""
end

-- Ends the running task, and with it the story, naming the story's own line.
function story.fail(format, ...)
  error(place() .. string.format(format, ...), 0)
end

local function print_line(mark, text)
  io.stderr:write(string.format("%s  %s\n", mark, text))
end

-- One line about what happened; not with --quiet.
function story.say(format, ...)
  if not story.quiet then
    print_line(os.date "!%H:%M:%S", string.format(format, ...))
  end
end

-- A frame, with --verbose only.
function story.trace(id, arrow, text)
  if story.verbose then
    print_line(os.date "!%H:%M:%S", string.format("%s %s %s", id, arrow, text))
  end
end

return story

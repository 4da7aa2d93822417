-- run.lua STORY ENGINE: a server, a database and an admin key for one story. See ../run.
local core = require "core"
local story = require "story"
local task = require "task"

local here = arg[0]:match "^(.*)/[^/]+$"
package.path = here .. "/?.lua;" .. here .. "/../support/?.lua;" .. package.path
story.hide(here .. "/")

local path, engine = arg[1], arg[2]

-- The table that the story hands to settings{...}, without running anything else of it.
local function read_settings(chunk_path)
  local found = {}
  local function stop()
    error(found, 0)
  end
  local only_settings = setmetatable({
    settings = function(t)
      found = t
      stop()
    end,
  }, { __index = stop })
  local chunk, err = loadfile(chunk_path, "t", only_settings)
  if not chunk then
    error(err, 0)
  end
  local ok, thrown = pcall(chunk)
  if not ok and thrown ~= found then
    error(thrown, 0)
  end
  return found
end

server = require "server"

local report = task.on_error
task.on_error = function(err, co)
  report(err, co)
  server.show_log()
  server.clean_up(false)
end

server.prepare(engine, read_settings(path))
server.start()
arg = { [0] = path }
dofile(path)
server.finish()
server.clean_up(true)

-- keep.lua SETTINGS ENGINE FOLDER: a server for many stories, described in FOLDER/server.json, until there is a
-- FOLDER/stop. The script `shared` beside this folder starts and stops it.
local core = require "core"
local story = require "story"
local task = require "task"

local here = arg[0]:match "^(.*)/[^/]+$"
package.path = here .. "/?.lua;" .. package.path
story.hide(here .. "/")

local settings, engine, folder = arg[1], arg[2], arg[3]
local LONGEST_S = 3600

server = require "server"

local report = task.on_error
task.on_error = function(err, co)
  report(err, co)
  server.show_log()
  server.clean_up(false)
end

-- Whole from the moment it is there.
local function publish(name, text)
  local path = folder .. "/" .. name
  local file = assert(io.open(path .. ".new", "w"))
  file:write(text)
  file:close()
  assert(os.rename(path .. ".new", path))
end

server.prepare(engine, require "settings"(settings) or {})
server.start()
publish("server.json", core.json_encode(server.describe()))
eventually(function()
  local file = io.open(folder .. "/stop")
  return file and file:close()
end, LONGEST_S)
server.finish()
server.clean_up(true)

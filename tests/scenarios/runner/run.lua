-- run.lua STORY ENGINE [FOLDER]: a server, a database and an admin key for one story; or the server that keep.lua keeps in
-- FOLDER, if the story has no settings of its own. See ../run.
local core = require "core"
local story = require "story"
local task = require "task"

local here = arg[0]:match "^(.*)/[^/]+$"
package.path = here .. "/?.lua;" .. here .. "/../support/?.lua;" .. package.path
story.hide(here .. "/")
local read_settings = require "settings"

local path, engine, shared = arg[1], arg[2], arg[3]
local settings = read_settings(path)
shared = not settings and shared

server = require "server"

local report = task.on_error
task.on_error = function(err, co)
  report(err, co)
  -- Of a shared server what is about the charger that is called like the story.
  server.show_log(shared and path:match "([^/]+)%.lua$")
  if not shared then
    server.clean_up(false)
  end
end

if shared then
  local file = assert(io.open(shared .. "/server.json"))
  server.attach(core.json_decode(file:read "a"))
  file:close()
else
  server.prepare(engine, settings or read_settings(path:match "^(.*)/[^/]+$" .. "/server.lua") or {})
  server.start()
end
arg = { [0] = path }
dofile(path)
if not shared then
  server.finish()
  server.clean_up(true)
end

-- For development: files of a folder become an operator's scripts as they change; broken ones change nothing.
server.config.scripts = { refresh = "100ms", watch = server.folder .. "/watched" }
server.restart()
local function write(name, text)
  local path = server.folder .. "/watched/default/" .. name
  local file = assert(io.open(path .. ".new", "w"))
  file:write(text)
  file:close()
  assert(os.rename(path .. ".new", path))
end
seed.charger "CP"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local function told()
  return cp:call("DataTransfer", { vendorId = "any" }).data
end
local function becomes(text)
  eventually(function() return told() == text end)
end

equal(program { "mkdir", "-p", server.folder .. "/watched/default" }, 0)
write("words.lua", "return { told = 'one' }")
write("main.lua", [[
local words = require "words"
function data_transfer(question) return { status = "Accepted", data = words.told } end]])
becomes "one"
write("words.lua", "return { told = 'two' }")
becomes "two"

log "a failure to load is told once, with file and line, and what ran before goes on"
write("words.lua", "\nreturn { told = }")
eventually(function() return server.log():find("are not loaded, what ran before goes on: words:2:", 1, true) end)
equal(told(), "two")
write("words.lua", "return { told = 'mended' }")
becomes "mended"
local _, times = server.log():gsub("are not loaded", "")
equal(times, 1)

log "files that go, go; and what is there is there after a restart, without a new version"
write("main.lua", "function data_transfer(question) return { status = 'Accepted', data = 'three' } end")
os.remove(server.folder .. "/watched/default/words.lua")
becomes "three"
local number = http.get("/api/admin/scripts/activations").body.items[1].number
server.restart()
cp:reconnect()
becomes "three"
write("main.lua", "function data_transfer(question) return { status = 'Accepted', data = 'four' } end")
becomes "four"
equal(http.get("/api/admin/scripts/activations").body.items[1].number, number + 1)
matches(http.get("/api/admin/scripts/activations").body.items[1], { created_by = "watch", scripts = 1 })

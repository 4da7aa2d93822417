-- A script is pushed, becomes the active one, is replaced, rolled back, and survives a kill; what is broken never runs.
settings { config = { lua = { time = "2s" } } } -- the loop that takes memory ends by that
local scripts = require "scripts"

local vendor = [[
function data_transfer(question)
  return { status = "Accepted", data = "%s" }
end]]

seed.charger "CP"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local function told()
  return cp:call("DataTransfer", { vendorId = "any" })
end

equal(told().status, "UnknownVendorId")
local set = scripts.push({ main = vendor:format "one" }, { note = "the first" }, 201)
matches(set, { operator_id = "default", number = 1, changed = true, hooks = { "data_transfer" } })
equal(set.scripts[1].name, "main")
equal(told().data, "one")

log "the same again changes nothing; another is the next version"
matches(scripts.push({ main = vendor:format "one" }, {}, 200), { number = 1, changed = false })
matches(scripts.push({ main = vendor:format "two" }, {}, 201), { number = 2, changed = true })
equal(told().data, "two")

log "what does not compile, what fails at its top level, and what is no Lua at all is refused with file and line"
local function refused(files, detail, path)
  local response = http.post("/api/admin/scripts", { scripts = scripts.files(files) })
  equal(response.status, 422, response.text)
  check(response.body.detail:find(detail, 1, true), response.text)
  equal(response.body.errors[1].path, path, response.text)
end
refused({ main = "x =" }, "main:1:", "scripts[0].source")
refused({ main = "\n\nerror('not today')" }, "main:3: not today", "scripts[0].source")
refused({ main = "while true do end" }, "main:1: runs for more than", "scripts[0].source")
refused({ main = "local t = {} while true do t[#t + 1] = {} end" }, "memory", "scripts[0].source")
refused({ main = "require 'nothing'" }, "main:1:", "scripts[0].source")
refused({ ["../main"] = "x = 1" }, "scripts[0].name is not made of", "scripts[0].name")
equal(told().data, "two")

log "a set: main requires another; a new text of that one alone makes another set"
scripts.push({ main = [[
local words = require "words"
function data_transfer(question) return { status = "Accepted", data = words.told } end]],
  words = "return { told = 'three' }" }, {}, 201)
equal(told().data, "three")
scripts.push({ words = "return { told = 'four' }" }, {}, 201)
equal(told().data, "four")
refused({ words = "return nil .. 1" }, "words:1:", "scripts[0].source")
equal(told().data, "four")

log "back, and back again; forward by the number"
local function rolled_back(fields, status)
  local response = http.post("/api/admin/scripts/rollback", fields or json.decode "{}")
  equal(response.status, status or 200, response.text)
  return response.body
end
matches(rolled_back(), { number = 5 })
equal(told().data, "three")
rolled_back()
equal(told().data, "two")
rolled_back()
equal(told().data, "one")
rolled_back(nil, 409)
rolled_back({ number = 99 }, 409)
matches(rolled_back { number = 4 }, { number = 8 })
equal(told().data, "four")

log "stored but not active; then made active, alone"
scripts.push({ main = vendor:format "five" }, { activate = false }, 201)
equal(told().data, "four")
local response = http.post("/api/admin/scripts/activate", { versions = { { name = "main" } }, replace = true })
equal(response.status, 200, response.text)
equal(#response.body.scripts, 1)
equal(told().data, "five")
response = http.post("/api/admin/scripts/activate", { versions = { { name = "main", version = 99 } } })
equal(response.status, 422, response.text)

log "a kill at any time: the active set is there again"
cp:disconnect()
server.kill()
server.start()
cp:reconnect()
equal(told().data, "five")

log "what there was, in all its versions"
local list = http.get("/api/admin/scripts").body.items
equal(#list, 2)
matches(list[1], { name = "main", version = 4, active_version = 4 })
matches(list[2], { name = "words", version = 2, active_version = json.null })
local path = "/api/admin/scripts/" .. list[1].id
check(http.get(path).body.source:find("five", 1, true))
equal(#http.get(path .. "/versions").body.items, 4)
matches(http.get(path .. "/versions/1").body, { version = 1, note = "the first", source = vendor:format "one" })
equal(http.get(path .. "/versions/9").status, 404)
equal(http.get("/api/admin/scripts/999999").status, 404)
local activations = http.get("/api/admin/scripts/activations").body.items
matches(activations[1], { number = 9, origin = json.null, scripts = 1, hooks = { "data_transfer" } })
matches(activations[2], { number = 8, origin = 4, scripts = 2 })

log "deleted it answers no more; its versions stay, and its name may be taken again"
equal(http.delete(path).status, 204)
equal(told().status, "UnknownVendorId")
equal(http.get(path).status, 404)
matches(scripts.push({ main = vendor:format "five" }, {}, 201), { number = 11 })
matches(http.get("/api/admin/scripts?name=main").body.items[1], { version = 5, active_version = 5 })
equal(told().data, "five")

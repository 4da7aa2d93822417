-- Two operators: neither sees, changes or runs what is the other's; and what each role may.
settings { config = { scripts = { value_size = "64", value_keys = 3 } } }
local scripts = require "scripts"

server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z')"
local function key(role, operator)
  local made = http.post("/api/admin/keys", { name = role .. operator, role = role, operator_id = operator })
  equal(made.status, 201, made.text)
  return { key = made.body.key }
end
local ours, theirs = key("operator", "default"), key("operator", "other")
local reader = key("readonly", "default")

seed.charger "CP"
seed.charger { charge_point_id = "CO", operator_id = "other" }
local here, there = charger { id = "CP" }, charger { id = "CO" }
here:connect()
there:connect()
here:boot()
there:boot()
local function told(cp, data)
  return cp:call("DataTransfer", { vendorId = "any", data = data })
end

local source = [[
function data_transfer(question)
  if question.data == "fail" then error("at " .. question.operator_id) end
  if question.data then
    local ok, why = pcall(busbar.scripts.put, question.data, question.operator_id)
    return { status = "Accepted", data = ok and "kept" or why }
  end
  return { status = "Accepted", data = (busbar.scripts.get("k") or "nothing") .. " %s" }
end]]
local function push(who, text, fields)
  local body = fields or {}
  body.scripts = scripts.files { main = text }
  return http.post("/api/admin/scripts", body, who)
end

log "each has its own main, and its own store"
local response = push(ours, source:format "ours")
equal(response.status, 201, response.text)
equal(response.body.operator_id, "default")
equal(told(there).status, "UnknownVendorId")
response = push(theirs, source:format "theirs")
matches(response.body, { operator_id = "other", number = 1 })
equal(told(here, "k").data, "kept")
equal(told(here).data, "default ours")
equal(told(there).data, "nothing theirs")
equal(told(there, "k").data, "kept")
equal(told(here).data, "default ours")
equal(told(there).data, "other theirs")

log "limits of the store are each operator's"
told(here, "second")
told(here, "third")
check(told(here, "fourth").data:find "too many keys")
equal(told(here, "third").data, "kept")
equal(told(there, "second").data, "kept")

log "failures are theirs alone"
equal(told(there, "fail").status, "Rejected")
local failed = scripts.failed("data_transfer", 1, "other")
matches(failed, { line = 2, detail = "at other", version = "1", count = 1 })
equal(#http.get("/api/admin/scripts/failures", nil, ours).body.items, 0)
equal(#http.get("/api/admin/scripts/failures", nil, theirs).body.items, 1)
equal(told(there, "fail").status, "Rejected")
equal(scripts.failed("data_transfer", 2, "other").count, 2)

log "nobody sees the other's"
local mine = http.get("/api/admin/scripts", nil, ours).body.items
equal(#mine, 1)
equal(#http.get("/api/admin/scripts").body.items, 2)
equal(#http.get("/api/admin/scripts?operator_id=other", nil, ours).body.items, 0)
local path = "/api/admin/scripts/" .. mine[1].id
for _, route in ipairs { path, path .. "/versions", path .. "/versions/1" } do
  equal(http.get(route, nil, theirs).status, 404)
  equal(http.get(route, nil, reader).status, 200)
end
equal(http.delete(path, nil, theirs).status, 404)
equal(#http.get("/api/admin/scripts/activations", nil, theirs).body.items, 1)
equal(push(theirs, "x = 1", { operator_id = "default" }).status, 403)
equal(http.post("/api/admin/scripts/rollback", { operator_id = "default" }, theirs).status, 403)
equal(http.post("/api/admin/scripts/activate", { versions = { { name = "main" } }, operator_id = "default" }, theirs).status, 403)
response = push(nil, "x = 1", { operator_id = "nobody" })
equal(response.status, 422)
equal(response.body.errors[1].path, "operator_id")

log "who only reads changes nothing"
for _, route in ipairs { "", "/check", "/activate", "/rollback" } do
  equal(http.post("/api/admin/scripts" .. route, { scripts = array {} }, reader).status, 403)
end
equal(http.delete(path, nil, reader).status, 403)
equal(http.get("/api/admin/scripts", nil, { key = "nonsense" }).status, 401)

log "bodies that are none"
local function invalid(body, at)
  local answer = http.post("/api/admin/scripts", body)
  equal(answer.status, 422, answer.text)
  equal(answer.body.errors[1].path, at, answer.text)
end
invalid({ scripts = array {} }, "scripts")
invalid({ scripts = { { name = "main" } } }, "scripts[0].source")
invalid({ scripts = { { name = "main", source = "x = 1", more = 1 } } }, "scripts[0].more")
invalid({ scripts = { { name = "main", source = "x = 1" }, { name = "main", source = "x = 2" } } }, "scripts[1].name")
invalid({ scripts = { { name = "words", source = "return {}" } }, replace = true }, "scripts")

log "a check stores nothing"
response = http.post("/api/admin/scripts/check", { scripts = scripts.files { main = "function stop() end" } })
equal(response.status, 200, response.text)
matches(response.body, { changed = false, hooks = { "stop" } })
equal(http.post("/api/admin/scripts/check", { scripts = scripts.files { main = "function stop( end" } }).status, 422)
equal(told(here).data, "default ours")

log "an admin does it for whom it names"
response = push(nil, source:format "by the admin", { operator_id = "other" })
equal(response.status, 201, response.text)
equal(told(there).data, "other by the admin")
equal(told(here).data, "default ours")

-- What another node has activated answers here soon after.
settings { config = { scripts = { refresh = "200ms" } } }
local scripts = require "scripts"

seed.charger "CP"
local cp = charger { id = "CP" }
cp:connect()
cp:boot()
local function told()
  return cp:call("DataTransfer", { vendorId = "any" })
end
local source = "function data_transfer() return { status = 'Accepted', data = '%s' } end"
scripts.push({ main = source:format "one" }, {}, 201)
scripts.push({ main = source:format "two" }, { activate = false }, 201)
equal(told().data, "one")

log "an activation of which only the database tells"
local at = cp:now()
server.sql(string.format([[
  insert into script_activations (operator_id, number, functions, created_at) values ('default', 2, '["data_transfer"]', '%s');
  insert into script_activation_items (operator_id, number, script_id, version) select 'default', 2, id, 2 from scripts;
]], at))
eventually(function() return told().data == "two" end)

log "this node goes on from there"
matches(http.post("/api/admin/scripts/rollback", json.decode "{}").body, { number = 3 })
equal(told().data, "one")

log "and one that takes everything away"
server.sql(string.format([[
  insert into script_activations (operator_id, number, functions, created_at) values ('default', 4, '[]', '%s');
]], at))
eventually(function() return told().status == "UnknownVendorId" end)

settings { config = { chargers = { refresh = "200ms" } } }

-- What another node, or an administrator, changes in the database counts here soon after.
local function refused(cp)
  local ok, refusal = cp:try_connect()
  return not ok and refusal.status
end
local cp = charger { id = "CP1" }
equal(refused(cp), 404)
server.sql(string.format([[
  insert into chargers (operator_id, charge_point_id, created_at, updated_at) values ('default', 'CP1', '%s', '%s');
]], cp:now(), cp:now()))
eventually(function()
  return cp:try_connect()
end)

log "a change closes the link, so that it comes back under the new rules"
server.sql(string.format("update chargers set validation = 'lenient', updated_at = '%s' where charge_point_id = 'CP1';", cp:now()))
cp:wait_closed(5)
cp:connect()
equal(http.get("/connections/CP1").body.validation, "lenient")

log "and so does a removal, for good"
server.sql "delete from chargers where charge_point_id = 'CP1';"
cp:wait_closed(5)
equal(refused(cp), 404)

log "one that goes as another comes is not overlooked"
seed.charger "CP2"
server.sql(string.format([[
  delete from chargers where charge_point_id = 'CP2';
  insert into chargers (operator_id, charge_point_id, created_at, updated_at) values ('default', 'CP3', '%s', '%s');
]], cp:now(), cp:now()))
local gone, come = charger { id = "CP2" }, charger { id = "CP3" }
eventually(function()
  return come:try_connect()
end)
eventually(function()
  local status = refused(gone)
  if not status then
    gone:disconnect()
  end
  return status == 404
end)

-- /health does not say ok before chargers may connect.
settings {}
seed.charger "CP1"
local rows = {}
for i = 1, 20000 do
  rows[i] = "('default', 'BULK" .. i .. "', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')"
end
server.sql("insert into chargers (operator_id, charge_point_id, created_at, updated_at) values " .. table.concat(rows, ",") .. ";")

log "a server that says ok lets them in at once"
for _ = 1, 3 do
  server.restart()
  local cp = charger { id = "CP1" }
  cp:connect()
  cp:boot()
  cp:disconnect()
end

-- Clients that take nothing, for whom the server waits long, lose their streams when they may not have them any more.
settings { config = { http = { timeout = "10m", min_rate = 0 }, events = { streams = 2 } } }
local sse, deaf_client = require "sse", require "deaf_client"
http.post("/api/admin/chargers", { charge_point_id = "CP1" })
http.post("/api/admin/tokens", { id_tag = "TAG1" })
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
cp:start { connector = 1, id_tag = "TAG1", meter_start = 0 }
local id = http.get("/api/admin/transactions").body.items[1].id

-- More than the kernel holds for a client.
local LONG = ({ sqlite = "hex(zeroblob(30000))", postgres = "repeat('0', 60000)" })[server.engine]
local MANY = "with recursive counted (n) as (select 1 union all select n + 1 from counted where n < 200) "
server.sql("insert into events (at, operator_id, kind, event, data) " .. MANY ..
  "select '2026-01-01T00:00:00.000Z', 'default', 'connector', 'connector.status', '\"' || " .. LONG .. " || '\"' from counted")
server.sql("insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source, sample, sample_key, own_clock) " ..
  MANY .. "select 'default', 1, 1, " .. id .. ", '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 'meter_values', '{\"x\":\"' || " .. LONG ..
  " || '\"}', cast(n as text), 1 from counted")

local function key(name, expires_at)
  return http.post("/api/admin/keys", { name = name, role = "operator", operator_id = "default", expires_at = expires_at }).body
end
local deleted, expiring = key "deleted", key("expiring", os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 8))
local clients = { deaf_client("/api/events?last_event_id=0", deleted.key),
  deaf_client("/api/transactions/" .. id .. "/meter-values/live?last_event_id=0", expiring.key) }
for _, client in ipairs(clients) do
  eventually(function()
    return (client.unsent() or 0) > 100000
  end)
end
equal(sse.refused "/api/events", 503)
equal(http.delete("/api/admin/keys/" .. deleted.id).status, 204)
eventually(function()
  return not clients[1].is_served() and not clients[2].is_served()
end, 30)
local paths, streams = { "/api/events", "/api/transactions/" .. id .. "/meter-values/live" }, {}
eventually(function()
  streams[#streams + 1] = sse.try(paths[#streams + 1])
  return #streams == #paths
end, 30)

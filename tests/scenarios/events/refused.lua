-- Storage refuses one event of a batch: it is told in the log and left out. All the others are written, each once and in their order.
settings { config = { events = { delay = "100ms" } } }
local sse = require "sse"
local chargers = {}
for i, id in ipairs { "CP1", "CP2" } do
  http.post("/api/admin/chargers", { charge_point_id = id })
  chargers[i] = charger { id = id, silent = true }
  chargers[i]:connect()
  chargers[i]:boot()
end
local stream = sse.open "/api/events?kind=connector"

if server.engine == "postgres" then
  server.sql [[
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not that one'; end $$;
    create trigger refused before insert on events for each row
      when (new.charge_point_id = 'CP2' and new.kind = 'connector') execute function refuse();]]
else
  server.sql [[
    create trigger refused before insert on events when new.charge_point_id = 'CP2' and new.kind = 'connector' begin
      select raise(fail, 'not that one');
    end;]]
end

log "one in the middle of others"
local from = #server.log()
local told = { "Preparing", "Charging", "SuspendedEV", "Finishing" }
for i, status in ipairs(told) do
  if i == 3 then
    chargers[2]:status(1, "Preparing")
  end
  chargers[1]:status(1, status)
end
local last = 0
for _, status in ipairs(told) do
  local event = stream:expect "connector.status"
  matches(event.data, { charge_point_id = "CP1", data = { status = status } })
  check(event.id > last, "they rise")
  last = event.id
end
eventually(function()
  return server.log():sub(from + 1):find("an event could not be written: connector.status", 1, true)
end)

log "it keeps none of those behind it"
server.sql(server.engine == "postgres" and "drop trigger refused on events" or "drop trigger refused")
chargers[2]:status(1, "Faulted")
matches(stream:expect("connector.status").data, { charge_point_id = "CP2", data = { status = "Faulted" } })
equal(server.sql_value "select count(*) from events where kind = 'connector'", "5")

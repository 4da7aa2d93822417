-- Storage takes longer to say where the stream stands than the request may take, or than its client waits: the stream is over before
-- it has begun.
settings { config = { http = { timeout = "1s" } } }
local sse, net = require "sse", require "net"
http.post("/api/admin/chargers", { charge_point_id = "CP1" })
local cp = charger { id = "CP1" }
cp:connect()
cp:boot()
sse.open("/api/events?last_event_id=0"):expect "charger.booted"

-- The query reads it. PostgreSQL waits for who holds the table; with SQLite it is slow itself.
local function hold_up()
  if server.engine == "postgres" then
    spawn(function()
      local held = server.folder .. "/held"
      equal(program {
        "psql", "-q", server.database.url, "-c", "begin", "-c", "lock table event_horizon in access exclusive mode", "-c", "\\! touch " .. held,
        "-c", "select pg_sleep(4)", "-c", "commit", stdout = "/dev/null",
      }, 0)
    end)
    eventually(function()
      local held = io.open(server.folder .. "/held")
      return held and held:close()
    end)
  else
    server.sql [[
      alter table event_horizon rename to event_horizon_kept;
      create view event_horizon as
        with recursive counted (n) as (select 1 union all select n + 1 from counted where n < 8000000)
        select 1 as one, (select swept_id from event_horizon_kept) + 0 * (select count(*) from counted) as swept_id;]]
  end
end

local function let_go()
  if server.engine == "sqlite" then
    server.sql "drop view event_horizon; alter table event_horizon_kept rename to event_horizon"
  end
end

local from = #server.log()
hold_up()
log "one who waits is told that it took too long; another has gone"
local url = net.parse_url(net.base)
local gone = net.tcp(url.host, url.port)
gone:send("GET /api/events HTTP/1.1\r\nHost: " .. url.authority .. "\r\nAuthorization: Bearer " .. net.key .. "\r\n\r\n")
local stream, refusal = sse.try "/api/events"
check(not stream)
equal(refusal.status, 504)
gone:close()
let_go()

log "afterwards there are streams again, and nobody is blamed"
local events
eventually(function()
  events = sse.try "/api/events?kind=connector"
  return events
end)
cp:status(1, "Preparing")
events:expect "connector.status"
local said = server.log():sub(from + 1)
for _, word in ipairs { "that is fixed", "a second time", "out of its turn" } do
  check(not said:find(word, 1, true), said)
end

-- While PostgreSQL is away the figures of the process are told all the same, at once, to who needs no key: the alert depends on them.
settings { own_cluster = true, config = { metrics = { public = "127.0.0.1", keep = "0s" } } }

local figures = require "figures"

local function asked()
  local since = os.time()
  local list = figures.parse(figures.get { key = false })
  check(os.time() - since <= 3, "nobody waits")
  return list
end

seed.charger "MA1"
local cp = charger { id = "MA1", silent = true }
cp:connect()
cp:boot()
local list = asked()
equal(figures.sum("busbar_storage_up", {}, list), 1)
equal(figures.sum("busbar_chargers", {}, list), 1)

server.database.stop()
cp:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError" }, { timeout = 10 })
eventually(function()
  list = asked()
  return figures.sum("busbar_storage_up", {}, list) == 0
end)
list = asked()
equal(figures.sum("busbar_links", {}, list), 1)
equal(select(2, figures.sum("busbar_chargers", {}, list)), 0, "an old figure would look like a good one")
check(figures.sum("busbar_storage_reads_total", { result = "away" }, list) >= 1)
eventually(function() -- the rows of the message log
  return figures.sum("busbar_message_log_rows_lost_total", {}, asked()) >= 1 and figures.sum("busbar_storage_units_total", { result = "away" }, asked()) >= 1
end)
check(figures.sum("busbar_ocpp_messages_total", { result = "InternalError" }, list) >= 1)
equal(http.get("/metrics", nil, { key = "bb_any" }).status, 200, "a near address needs no key")
local since = os.time()
equal(http { method = "GET", path = "/metrics", headers = { Via = "proxy" } }.status, 503, "no key can be looked up")
check(os.time() - since <= 3)

server.database.start()
eventually(function()
  list = asked()
  return figures.sum("busbar_storage_up", {}, list) == 1 and figures.sum("busbar_chargers", {}, list) == 1
end, 30)

-- On an empty database, without the plugins of some facts: what is told of those does not come, all else does.
settings {
  config = {
    plugins = { "chargers", "transfer", "transactions", "authorization", "ocpp16_core", "tariffs", "wallet", "notifications", "rest" },
    transfer = { allow = "127.0.0.1" },
  },
}

local receiver = http_server {}
equal(http.post("/api/admin/subscriptions", { channel = "webhook", target = receiver.url .. "/all", events = { "*" } }).status, 201)
seed.charger "ALONE"
seed.token "ALONE-TAG"
local cp = charger { id = "ALONE" }
cp:connect()
cp:boot()
cp:start({ connector = 1, id_tag = "ALONE-TAG", meter_start = 0 }):stop { meter_stop = 100 }
local list = eventually(function()
  local got = receiver:got "/all"
  return #got >= 2 and got
end)
equal(list[1].headers["busbar-event"], "session.started")
equal(list[2].headers["busbar-event"], "session.stopped")

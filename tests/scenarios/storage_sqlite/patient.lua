-- A charger connects again and repeats a call whose first is still at work: the answer goes to the new link.
settings { config = { storage_sqlite = { busy_timeout = "20s" } } }
seed.charger "PATIENT1"
seed.token "PATIENT"
local first = charger { id = "PATIENT1", silent = true }
first:connect()
first:boot()

spawn(function()
  program {
    "sqlite3", server.folder .. "/busbar.db", ".timeout 5000", "begin immediate",
    ".shell touch " .. server.folder .. "/held; while [ ! -e " .. server.folder .. "/release ]; do sleep 0.05; done", "rollback",
    stdout = "/dev/null",
  }
end)
eventually(function()
  local held = io.open(server.folder .. "/held")
  return held and held:close()
end)

local call = '[2,"asked-twice","StartTransaction",{"connectorId":1,"idTag":"PATIENT","meterStart":5,"timestamp":"2026-11-21T10:00:00Z"}]'
first:send_raw(call)
local second = charger { id = "PATIENT1", silent = true }
second:connect()
first:wait_closed(10)
second:send_raw(call)
eventually(function()
  return server.log():find "StartTransaction came again"
end)
io.open(server.folder .. "/release", "w"):close()
second:expect { kind = "result", id = "asked-twice", timeout = 15 }
second:expect_nothing(0.2)
equal(#http.get("/api/admin/transactions?charger=PATIENT1").body.items, 1)
second:disconnect()

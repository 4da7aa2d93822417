-- An operator whose servers are slow has only its share of requests on their way, the others wait; who else asks is not delayed.
settings { config = { transfer = { allow = "127.0.0.1", per_operator = 2, timeout = "20s" } } }
local ask = require "asks_out" "SHARE-NORTH"

local held, most, released = 0, 0, false
local slow = http_server {
  answer = function(request)
    if request.path == "/held" then
      held = held + 1
      most = math.max(most, held)
      eventually(function()
        return released
      end, 15)
      held = held - 1
    end
    return { body = "ok" }
  end,
}

server.sql "insert into operators (id, name, created_at) values ('south', 'South', '2026-01-01T00:00:00.000Z')"
local answers = 0
for i = 1, 5 do
  spawn(function()
    local cp = charger { id = "SHARE-SOUTH-" .. i }
    seed.charger { charge_point_id = "SHARE-SOUTH-" .. i, operator_id = "south" }
    cp:connect()
    cp:boot()
    local answer = cp:demand("DataTransfer", { vendorId = "v", data = "url=" .. slow.url .. "/held\n" })
    answers = answers + (answer.data == "200 2 ok" and 1 or 0)
  end)
end
eventually(function()
  return held == 2
end)
for _ = 1, 5 do
  equal(ask { url = slow.url .. "/quick" }, "200 2 ok")
end
equal(held, 2)
equal(answers, 0)
released = true
eventually(function()
  return answers == 5
end)
equal(most, 2)

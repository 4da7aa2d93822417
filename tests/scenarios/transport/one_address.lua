-- Two hundred chargers behind one address, with the limits as they are by default: they come at once, and at once again.
settings { config = { http = { address_exceptions = "" } } }
local COUNT = 200
local handshakes, sockets = {}, {}
for i = 1, COUNT do
  local name = ("ONE%03d"):format(i)
  seed.charger(name)
  handshakes[i] = ws_handshake("/ocpp/" .. name, { subprotocol = "ocpp1.6" })
end

local function all_come()
  for i = 1, COUNT do
    sockets[i] = tcp()
    sockets[i]:send(handshakes[i])
  end
  for i = 1, COUNT do
    local head = sockets[i]:receive("\r\n\r\n", 30)
    check(head and head:find "^HTTP/1.1 101 ", head)
  end
end

local function connected()
  return http.get("/health").body.connections
end

for _ = 1, 3 do
  all_come()
  equal(eventually(function() return connected() == COUNT and COUNT end), COUNT)
  for i = 1, COUNT do
    sockets[i]:reset()
  end
end
all_come()
equal(http.get("/api/admin/chargers?limit=1").status, 200)

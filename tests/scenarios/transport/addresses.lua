-- What one address may open: connections, links of chargers, and how fast; networks that are exempt have no such limits.
settings { config = { http = { address_exceptions = "", address_connections = 20, address_links = 5, timeout = "10s" } } }
local figures = require "figures"

local function open(n)
  local list = {}
  for i = 1, n do
    list[i] = tcp()
  end
  return list
end

local function close(list)
  for _, socket in ipairs(list) do
    socket:close()
  end
end

-- The status that a request of a new connection gets.
local function status()
  local socket = tcp()
  pcall(socket.send, socket, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
  local head = socket:receive("\r\n\r\n", 5)
  socket:close()
  return head and tonumber(head:match " (%d%d%d) "), head
end

log "connections: the next is told, the others are served, and when they go there is room"
local idle = open(20)
wait(0.2)
local code, head = status()
equal(code, 503)
check(head:lower():find("retry%-after: %d"), head)
check(head:lower():find("content-type: application/problem+json", 1, true), head)
idle[1]:send "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
check(idle[1]:receive("\r\n\r\n", 5):find "^HTTP/1.1 200 ")
close(idle)
eventually(function() return status() == 200 end)

log "links: they are counted by themselves"
local chargers = {}
for i = 1, 6 do
  seed.charger("ADDR" .. i)
  chargers[i] = charger { id = "ADDR" .. i }
end
for i = 1, 5 do
  chargers[i]:connect()
end
local socket = tcp()
socket:send(ws_handshake("/ocpp/ADDR6", { subprotocol = "ocpp1.6" }))
check(socket:receive("\r\n\r\n", 5):find "^HTTP/1.1 503 ")
socket:close()
equal(status(), 200)
chargers[1]:disconnect()
eventually(function()
  local retry = tcp()
  retry:send(ws_handshake("/ocpp/ADDR6", { subprotocol = "ocpp1.6" }))
  local answer = retry:receive("\r\n\r\n", 5)
  retry:close()
  return answer and answer:find "^HTTP/1.1 101 "
end)
check(figures.sum("busbar_connections_refused_total", { limit = "address_connections" }) >= 1)

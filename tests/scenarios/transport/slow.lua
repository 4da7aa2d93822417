-- Clients that are slow, by bare sockets, plainly and over TLS: each is ended for what it is slow with, told 408 where it can be told,
-- and counted. Who is slow but goes on is served.
settings {
  tls = true,
  config = {
    http = { timeout = "20s", header_timeout = "2s", min_rate = 100, rate_grace = "2s", max_header = "8k" },
    tls = { handshake_timeout = "2s" },
  },
}
local figures = require "figures"
local KEY = require("net").key
local tls_port = tonumber(server.tls_base:match ":(%d+)$")
local authority = { ca = server.root.certificate }

local function plain()
  return tcp()
end

local function secure()
  return tcp("127.0.0.1", tls_port, authority)
end

local function slow(what)
  return figures.sum("busbar_slow_clients_total", { what = what })
end

-- It is told, and ends, without another byte of its own; within what it may take, and much less than http.timeout.
local function told(socket, what)
  local before = slow(what)
  local head = socket:receive("\r\n\r\n", 8)
  check(head and head:find "^HTTP/1.1 408 ", ("%s: %s"):format(what, head))
  check(head:lower():find("connection: close", 1, true), head)
  check(socket:wait_closed(8), what .. ": it stays")
  socket:close()
  return before
end

-- Sends a byte at a time until the other end has had enough of it.
local function trickle(socket, seconds)
  for _ = 1, seconds * 5 do
    if not pcall(socket.send, socket, "x") then return end
    local head = socket:receive("\r\n\r\n", 0.2)
    if head then return head end
  end
  error "it still listens"
end

for kind, open in pairs { plain = plain, TLS = secure } do
  log("headers, " .. kind)
  local seen = slow "headers"
  local socket = open()
  socket:send "GET /health HTTP/1.1\r\nHost: x\r\n"
  told(socket, "headers")
  eventually(function()
    return slow "headers" == seen + 1
  end)

  log("headers that go on for ever, " .. kind)
  socket = open()
  socket:send "GET /health HTTP/1.1\r\nHost: x\r\nCookie: "
  local head = trickle(socket, 10)
  check(not head or head:find "^HTTP/1.1 408 ", head)
  eventually(function()
    return slow "headers" == seen + 2
  end)
  socket:close()

  log("of the second request of a connection, " .. kind)
  socket = open()
  socket:send "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
  check(socket:receive("\r\n\r\n", 5):find "^HTTP/1.1 200 ")
  wait(2.5) -- an idle connection is nobody's delay
  socket:send "GET /health HTTP/1.1\r\nHost: x\r\nX-Re"
  head = socket:receive("HTTP/1.1 408 .-\r\n\r\n", 8)
  check(head, "no 408")
  check(socket:wait_closed(8))
  socket:close()

  log("a body, whole and in pieces, " .. kind)
  for _, target in ipairs { "/api/admin/tokens", "/api/admin/files?name=slow.bin" } do
    seen = slow "body"
    socket = open()
    socket:send(
      "POST " .. target .. " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. KEY .. "\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
    )
    head = trickle(socket, 12)
    check(head and head:find "^HTTP/1.1 408 ", target .. ": " .. tostring(head))
    check(socket:wait_closed(8))
    socket:close()
    equal(slow "body", seen + 1)
  end
  equal(#http.get("/api/admin/files").body.items, 0)

  log("a body that comes slowly enough, " .. kind)
  socket = open()
  local body = '{"id_tag":"' .. kind .. '"' .. (" "):rep(1200)
  socket:send(
    "POST /api/admin/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. KEY .. "\r\nContent-Type: application/json\r\nContent-Length: "
      .. #body + 1 .. "\r\n\r\n"
  )
  for i = 1, #body, 100 do
    socket:send(body:sub(i, i + 99))
    wait(0.25)
  end
  socket:send "}"
  check(socket:receive("\r\n\r\n", 5):find "^HTTP/1.1 201 ")
  socket:close()
end

log "a handshake of TLS that does not begin, and one that does not go on"
local failed = slow "handshake"
local silent, half = tcp("127.0.0.1", tls_port), tcp("127.0.0.1", tls_port)
half:send "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
check(silent:wait_closed(8))
check(half:wait_closed(8))
equal(slow "handshake", failed + 2)
check(server.log():find("not over within tls.handshake_timeout", 1, true))

log "an answer that nobody takes, in pieces"
local big = http.post("/api/admin/files?name=big.bin", ("0123456789abcdef"):rep(1 << 20)) -- 16 MiB: more than the kernel holds
equal(big.status, 201)
local seen = slow "answer"
local deaf = require "deaf_client"("/api/admin/files/" .. big.body.id .. "/content")
eventually(function()
  return slow "answer" == seen + 1 and not deaf.is_served()
end)

log "headers: larger than allowed, and by far"
local function status(cookie)
  local socket = tcp()
  socket:send("GET /health HTTP/1.1\r\nHost: x\r\nCookie: " .. cookie .. "\r\n\r\n")
  local head = socket:receive("\r\n\r\n", 5)
  check(socket:wait_closed(5) or head and head:find "^HTTP/1.1 200")
  socket:close()
  return head and tonumber(head:match " (%d%d%d) ")
end
equal(status(("a"):rep(8000)), 200)
equal(status(("a"):rep(8200)), 431)
equal(status(("a"):rep(15000)), 431)
equal(status(("a"):rep(40000)), nil)

log "limits that are changed while it runs"
server.reload { http = { header_timeout = "500ms", max_body = 2048 } }
equal(http.post("/api/admin/tokens", { id_tag = ("x"):rep(3000) }).status, 413)
local socket = tcp()
local began = os.time()
socket:send "GET"
told(socket, "headers")
check(os.time() - began < 8)

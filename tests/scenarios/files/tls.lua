-- Files over TLS go as without it: up, down, in parts, slowly, and with hang-ups in the middle.
settings { tls = true }
local bytes = ("0123456789abcdef"):rep(200000) -- 3.2 MB
local base = server.tls_base
local made = http.post(base .. "/api/admin/files?name=big.bin", bytes)
equal(made.status, 201)
equal(made.body.sha256, crypto.sha256(bytes))
local path = "/api/admin/files/" .. made.body.id .. "/content"
check(http.get(base .. path).text == bytes, "the same bytes come back")
equal(http.get(base .. path, nil, { headers = { Range = "bytes=300000-300009" } }).text, bytes:sub(300001, 300010))

local key = http.post("/api/admin/keys", { name = "files", role = "operator" }).body.key
local port = tonumber(base:match ":(%d+)$")
local function begin(head)
  local socket = tcp("127.0.0.1", port, { ca = server.root.certificate })
  socket:send(head .. "\r\nHost: x\r\nAuthorization: Bearer " .. key .. "\r\n")
  return socket
end

log "in small pieces, after it was told to go on"
local socket = begin "POST /api/admin/files?name=small.bin HTTP/1.1"
socket:send "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
check(socket:receive "HTTP/1.1 100 Continue\r\n\r\n")
for i = 1, 200 do
  socket:send "5\r\nhello\r\n"
  if i % 50 == 0 then
    wait(0.1)
  end
end
socket:send "0\r\n\r\n"
check(socket:receive "^HTTP/1.1 201 ")

log "two requests at once on one connection"
local socket = begin("GET " .. path .. " HTTP/1.1")
socket:send("\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
check(socket:receive "^HTTP/1.1 200 .-\r\n\r\n")
check(socket:receive(#bytes, 30) == bytes)
check(socket:receive "^HTTP/1.1 200 .-\r\n\r\n")

log "hang-ups"
local socket = begin("GET " .. path .. " HTTP/1.1")
socket:send "\r\n"
check(socket:receive "^HTTP/1.1 200 ")
socket:reset()
local socket = begin "POST /api/admin/files?name=cut.bin HTTP/1.1"
socket:send("Content-Length: 3200000\r\n\r\n" .. bytes:sub(1, 1000000))
eventually(function()
  return #http.get("/api/admin/files").body.items == 2
end)
socket:reset()
eventually(function()
  return server.log():find("the client hung up", 1, true)
end)

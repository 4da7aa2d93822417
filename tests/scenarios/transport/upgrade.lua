-- Upgrade requests by hand: each header missing or wrong, each form of the URL, lists of subprotocols, and HTTP where chargers connect.
seed.charger "UP 1"
seed.charger "4/CBI-1"
seed.charger { charge_point_id = "UP-BARE", quirks = { "no_subprotocol" } }

-- The answer's status and head; of a refusal also the text of its problem.
local function ask(text)
  local socket = tcp()
  socket:send(text)
  local head = socket:receive("\r\n\r\n", 10) or ""
  local status = tonumber(head:match "^HTTP/1%.1 (%d%d%d) ")
  local problem
  if status and status ~= 101 then
    local length = tonumber(head:lower():match "content%-length: (%d+)")
    problem = json.decode(socket:receive(length, 10))
    equal(problem.status, status)
    check(socket:wait_closed(10), "it is not kept waiting")
  end
  socket:reset()
  return status, head, problem and problem.detail
end

local right = ws_handshake("/ocpp/UP%201", { subprotocol = "ocpp1.6", key = "dGhlIHNhbXBsZSBub25jZQ==" })
local status, head = ask(right)
equal(status, 101)
check(head:find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", 1, true), head)
check(head:find("Sec-WebSocket-Protocol: ocpp1.6\r\n", 1, true), head)

log "each header"
local function with(name, line)
  local text, count = right:gsub(name .. ": [^\r]*\r\n", line or "", 1)
  equal(count, 1)
  return text
end
local long = ("x"):rep(200)
for _, case in ipairs {
  { 400, "Host", with "Host" },
  { 426, "WebSocket", with "Upgrade" },
  { 426, "WebSocket", with("Upgrade", "Upgrade: h2c\r\n") },
  { 400, "Connection", with "Connection" },
  { 400, "Connection", with("Connection", "Connection: keep-alive\r\n") },
  { 400, "Connection", with("Connection", "Connection: Upgrade, " .. long .. "\r\n") },
  { 400, "Sec-WebSocket-Key", with "Sec%-WebSocket%-Key" },
  { 400, "Sec-WebSocket-Key", with("Sec%-WebSocket%-Key", "Sec-WebSocket-Key: " .. long .. "\r\n") },
  { 426, "version 13", with "Sec%-WebSocket%-Version" },
  { 426, "version 13", with("Sec%-WebSocket%-Version", "Sec-WebSocket-Version: 8\r\n") },
  { 400, "no subprotocol is offered", with "Sec%-WebSocket%-Protocol" },
  { 400, "ocpp2.0.1", with("Sec%-WebSocket%-Protocol", "Sec-WebSocket-Protocol: ocpp2.0.1, ocpp1.5\r\n") },
  { 400, "126 bytes", with("Sec%-WebSocket%-Protocol", "Sec-WebSocket-Protocol: ocpp1.6, " .. long .. "\r\n") },
  { 400, "GET", (right:gsub("^GET", "POST")) },
  { 400, "GET", (right:gsub("^GET", "DELETE")) },
} do
  local got, answer, why = ask(case[3])
  equal(got, case[1], case[3])
  check(why:find(case[2], 1, true), why)
  equal(answer:find "Sec%-WebSocket%-Version: 13" ~= nil, case[2] == "version 13")
end

log "what is unusual, but clear"
for _, text in ipairs {
  with("Upgrade", "upgrade: WebSocket\r\n"),
  with("Connection", "Connection: keep-alive, Upgrade\r\n"),
  with("Sec%-WebSocket%-Key", "Sec-WebSocket-Key: any\r\n"),
  with("Sec%-WebSocket%-Protocol", "Sec-WebSocket-Protocol: ,ocpp1.6\r\n"),
  with("Sec%-WebSocket%-Protocol", "Sec-WebSocket-Protocol: ocpp2.0.1,ocpp1.6,ocpp1.5\r\n"),
  with("Sec%-WebSocket%-Protocol", "Sec-WebSocket-Protocol: ocpp2.0.1\r\nSec-WebSocket-Protocol: ocpp1.6\r\n"),
  with("Sec%-WebSocket%-Protocol", "Sec-WebSocket-Protocol: " .. ("v"):rep(80) .. ", ocpp1.6\r\n"),
  with("Host", "Host: [::1]\r\nSec-WebSocket-Extensions: permessage-deflate\r\nX-Long: " .. long:rep(10) .. "\r\n"),
} do
  local got, answer = ask(text)
  equal(got, 101, text)
  check(answer:find "Sec%-WebSocket%-Protocol: ocpp1%.6\r\n", answer)
  check(not answer:find "Extensions", answer)
end

log "none is offered by one that is known for it"
local bare = charger { id = "UP-BARE", subprotocol = false }
bare:connect()
equal(bare:boot().status, "Accepted")
bare:disconnect()

log "forms of the URL"
for _, target in ipairs {
  "/ocpp/UP%201/", "//ocpp///UP%201", "/ocpp?chargePointId=UP%201", "ws://any.host:9000/ocpp/UP%201", "/ws://10.0.0.1:9000/ocpp/UP%201",
  "/ocpp/4/CBI-1", "/ocpp/4%2FCBI-1",
} do
  equal(ask(ws_handshake(target, { subprotocol = "ocpp1.6" })), 101, target)
end
for _, target in ipairs {
  "/UP%201", "/", "/ocpp", "/ocpp/", "/OCPP/UP%201", "/ocpp/up%201", "/ocpp/UP%201/more", "/ocpp/CBI-1", "/ocpp/../UP%201", "/ocpp/%ff",
  "/api/admin/chargers", "/ocpp/" .. ("x"):rep(1100),
} do
  equal(ask(ws_handshake(target, { subprotocol = "ocpp1.6" })), 404, target)
end
check(server.log():find 'path=/UP 1', "the log says where it went")

log "HTTP on the chargers' path"
for _, method in ipairs { "GET", "POST", "HEAD" } do
  local response = http { method = method, path = "/ocpp/UP%201", key = false }
  equal(response.status, 426)
  equal(response.headers.upgrade, "websocket")
end

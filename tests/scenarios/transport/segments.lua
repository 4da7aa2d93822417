-- What comes together in one segment or torn into many: handshakes with their first frames, many calls at once, fragments with pings
-- between them, and HTTP requests that do not wait for each other.
seed.charger "SEG"
local call = '[2,"%s","%s",%s]'
local boot = call:format("b", "BootNotification", '{"chargePointVendor":"V","chargePointModel":"M"}')
local handshake = ws_handshake("/ocpp/SEG", { subprotocol = "ocpp1.6" })

-- The payload of the next frame, which must be one of the opcode; pongs are passed over.
local function frame(socket, wanted)
  while true do
    local head = socket:receive(2, 10)
    check(head, "a frame comes")
    local opcode, length = head:byte(1) & 15, head:byte(2)
    if length == 126 then
      length = string.unpack(">I2", socket:receive(2, 10))
    end
    local payload = length > 0 and socket:receive(length, 10) or ""
    if opcode ~= 10 then
      equal(opcode, wanted)
      return payload
    end
  end
end

local function message(socket)
  return frame(socket, 1)
end

local function close_code(socket)
  return (string.unpack(">I2", frame(socket, 8)))
end

local function opened()
  local socket = tcp()
  socket:send(handshake)
  check(socket:receive("\r\n\r\n", 10):find "^HTTP/1.1 101 ")
  return socket
end

log "the first calls come with the handshake"
local socket = tcp()
socket:send(handshake .. ws_frame(1, boot) .. ws_frame(1, call:format("h", "Heartbeat", "{}")))
check(socket:receive("\r\n\r\n", 10):find "^HTTP/1.1 101 ")
check(message(socket):find('"status":"Accepted"', 1, true))
check(message(socket):find('^%[3,"h",'))

log "many calls in one segment are answered in their order"
local frames = {}
for i = 1, 60 do
  frames[i] = ws_frame(1, call:format("m" .. i, "Heartbeat", "{}"))
end
socket:send(table.concat(frames))
for i = 1, 60 do
  check(message(socket):find('^%[3,"m' .. i .. '",'), i)
end

log "byte by byte"
for byte in ws_frame(1, call:format("slow", "Heartbeat", "{}")):gmatch "." do
  socket:send(byte)
  wait(0.001)
end
check(message(socket):find '^%[3,"slow",')

log "a large call in fragments, with pings and pongs between them, and a letter torn in two"
local large = call:format("large", "DataTransfer", json.encode { vendorId = "\u{20ac}", data = ("\u{e4}"):rep(50000) })
local parts = {}
for at = 1, #large, 4001 do
  local last = at + 4001 > #large
  parts[#parts + 1] = ws_frame(at == 1 and 1 or 0, large:sub(at, at + 4000), { fin = last })
  parts[#parts + 1] = last and "" or ws_frame(9, "ping") .. ws_frame(10, "") .. ws_frame(0, "", { fin = false })
end
socket:send(table.concat(parts))
check(message(socket):find '^%[3,"large",')
socket:send(ws_frame(1, '[2,"torn', { fin = false }))
socket:send(ws_frame(0, '","Heartbeat",{"x":"\xff"', { fin = false }) .. ws_frame(0, "}]"))
equal(close_code(socket), 1007, "invalid UTF-8 in a later fragment")
socket:close()

log "frames against the protocol: 1002, and the charger may come back at once"
for what, bytes in pairs {
  ["a reserved bit"] = ws_frame(1, "x", { rsv = 4 }),
  ["an opcode that is none"] = ws_frame(5, "x"),
  ["a continuation of nothing"] = ws_frame(0, "x"),
  ["a message within a message"] = ws_frame(1, "[2", { fin = false }) .. ws_frame(1, "x"),
  ["a ping in fragments"] = ws_frame(9, "x", { fin = false }),
} do
  socket = opened()
  socket:send(bytes)
  equal(close_code(socket), 1002, what)
end
socket = opened()
socket:send(ws_frame(1, boot))
check(message(socket):find('"status":"Accepted"', 1, true))
socket:send(ws_frame(1, call:format("unmasked", "Heartbeat", "{}"), { mask = false }))
check(message(socket):find '^%[3,"unmasked",', "clear enough")
socket:send(ws_frame(8, "\x03\xe8") .. ws_frame(1, call:format("late", "Heartbeat", "{}")))
equal(close_code(socket), 1000, "nothing is answered after the close")
check(socket:wait_closed(10))

log "HTTP: requests that do not wait"
local function get(path)
  return "GET " .. path .. " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " .. require("net").key .. "\r\n\r\n"
end
local function answer(from)
  local head = from:receive("\r\n\r\n", 10)
  check(head, "an answer comes")
  local body = from:receive(tonumber(head:lower():match "content%-length: (%d+)"), 10)
  return tonumber(head:match " (%d%d%d) "), json.decode(body)
end
socket = tcp()
socket:send(get "/health" .. get "/api/admin/chargers?charge_point_id=SEG" .. get "/api/admin/nothing" .. get "/health")
equal(answer(socket), 200)
matches({ answer(socket) }, { 200, { items = { { charge_point_id = "SEG" } } } })
equal(answer(socket), 404)
equal(answer(socket), 200)
for _ = 1, 20 do
  socket:send(get "/api/admin/chargers")
  socket:send(get "/health")
end
for _ = 1, 40 do
  equal(answer(socket), 200)
end

log "one with a body must wait, and is told so"
local post = "POST /api/admin/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 18\r\nAuthorization: Bearer "
  .. require("net").key .. '\r\n\r\n{"id_tag":"SEG-1"}'
socket:send(get "/health" .. post)
equal(answer(socket), 200)
equal(answer(socket), 400)
check(socket:wait_closed(10))
equal(#http.get("/api/admin/tokens?id_tag=SEG-1").body.items, 0)
socket = tcp()
socket:send(post)
equal(answer(socket), 201)
socket:send(get "/health")
equal(answer(socket), 200)
socket:close()

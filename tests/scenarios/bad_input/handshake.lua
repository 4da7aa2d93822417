-- Wrong handshakes: each is refused with its HTTP status, nothing is upgraded, nobody else is disturbed.
seed.charger { charge_point_id = "BAD HAND|1", password = "the-right-password", security_profile = 1 }
seed.charger "BAD-OPEN"

local function refusal(options)
  local ok, refused = charger(options):try_connect()
  equal(ok, nil, show(options))
  return refused.status
end

local right = { id = "BAD HAND|1", password = "the-right-password" }
local cp = charger(right)
cp:connect()
equal(cp.chosen_subprotocol, "ocpp1.6")
equal(cp:boot().status, "Accepted")

equal(refusal { id = "BAD HAND|1" }, 401)
equal(refusal { id = "BAD HAND|1", password = "the-wrong-password" }, 401)
equal(refusal { id = "BAD HAND|1", authorization = "Basic not-base-64!" }, 401)
equal(refusal { id = "BAD HAND|1", authorization = "Bearer " .. ("x"):rep(200) }, 401)
equal(refusal { id = "NOBODY", password = "whatever-it-is" }, 404)
equal(refusal { id = "BAD-OPEN", path = "/ocpp/" }, 404)
equal(refusal { id = "BAD-OPEN", subprotocol = "ocpp0.1" }, 400)
equal(refusal { id = "BAD-OPEN", subprotocol = false }, 400)
check(cp:heartbeat(), "the charger with the right password is still there")

-- The subprotocol is chosen from what is offered.
local several = charger { id = "BAD-OPEN", subprotocol = "ocpp0.1, ocpp1.6" }
several:connect()
equal(several.chosen_subprotocol, "ocpp1.6")
several:disconnect()

-- A trailing slash, and the identity as a parameter, are tolerated.
for _, path in ipairs { "/ocpp/BAD-OPEN/", "/ocpp?chargePointId=BAD-OPEN" } do
  local tolerated = charger { id = "BAD-OPEN", path = path }
  tolerated:connect()
  equal(tolerated:boot().status, "Accepted", path)
  tolerated:disconnect()
end

-- By hand: what no library sends.
local function status_of(text)
  local socket = tcp()
  socket:send(text)
  local head = socket:receive("\r\n", 40)
  socket:close()
  return head and tonumber(head:match "^HTTP/1%.[01] (%d%d%d)")
end

equal(status_of(ws_handshake("/ocpp/BAD-OPEN", { subprotocol = "ocpp1.6" })), 101)
local odd = {
  ws_handshake("/ocpp/BAD-OPEN", { subprotocol = "ocpp1.6", method = "POST" }),
  ws_handshake("/ocpp/%zz%00", { subprotocol = "ocpp1.6" }),
  ws_handshake("/ocpp/" .. ("x"):rep(3000), { subprotocol = "ocpp1.6" }),
  ws_handshake("/ocpp/../../etc/passwd", { subprotocol = "ocpp1.6" }),
  "GET\r\n\r\n",
  "\0\1\2\3\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: x\r\nX: " .. ("y"):rep(20000) .. "\r\n\r\n",
}
for _, text in ipairs(odd) do
  local status = status_of(text)
  check(status == nil or status >= 400, "refused: " .. text:sub(1, 60) .. ": " .. show(status))
end

-- Frames that are none: the server says goodbye, or just goes.
local function closed_after(frame, what)
  local socket = tcp()
  socket:send(ws_handshake("/ocpp/BAD-OPEN", { subprotocol = "ocpp1.6" }))
  check(socket:receive("\r\n\r\n"):find "^HTTP/1.1 101")
  socket:send(frame)
  local opcode, why = socket:receive(1, 20)
  check(opcode == "\x88" or why == "closed", "the link is closed after " .. what .. ": " .. show(opcode or why))
  socket:reset()
end
closed_after(ws_frame(1, '[2,"1","Heartbeat",{}]', { rsv = 4 }), "reserved bits")
closed_after(ws_frame(11, "x"), "an opcode that does not exist")
closed_after(ws_frame(0, "x"), "a continuation of nothing")
closed_after(ws_frame(9, ("x"):rep(200)), "a ping that is too long")
closed_after(ws_frame(1, ("x"):rep(300 * 1024), { length = 1 << 40 }), "a frame of a terabyte")

-- Half a handshake, then silence, does not keep anybody waiting.
local lazy = tcp()
lazy:send "GET /ocpp/BAD-OPEN HTTP/1.1\r\nHost: x\r\n"
check(cp:heartbeat())
lazy:reset()
cp:disconnect()

-- Frames that no charger should send. Each gets a clear error or a close, and the server goes on serving.
local id = "BAD-FRAMES"
seed.charger(id)
seed.charger "BAD-WITNESS"

local witness = charger { id = "BAD-WITNESS", silent = true }
witness:connect()
witness:boot()
local cp = charger { id = id }

local function connect()
  if not cp.connected then
    cp:connect()
    cp:boot()
  end
end

local function serving()
  check(witness:heartbeat().currentTime)
  connect()
  check(cp:heartbeat().currentTime)
end

-- Sent raw; answered by a CALLERROR with that code, to that id.
local function refused(text, code, message_id)
  connect()
  cp:send_raw(text)
  local answer = cp:expect { kind = "error", id = message_id, timeout = 10 }
  equal(answer.code, code, text:sub(1, 80))
  check(#answer.description > 0, "a description of what is wrong with " .. text:sub(1, 80))
  check(type(answer.details) == "table", "details are an object")
  return answer.description
end

-- Well-formed calls with wrong contents.
local boot = '[2,"m%d","BootNotification",%s]'
refused('[2,"m1","MakeCoffee",{}]', "NotImplemented", "m1")
refused('[2,"m2","Heartbeat",{"more":1}]', "OccurenceConstraintViolation", "m2")
refused(boot:format(3, "{}"), "OccurenceConstraintViolation", "m3")
refused(boot:format(4, '{"chargePointVendor":7,"chargePointModel":"M"}'), "TypeConstraintViolation", "m4")
local why = refused(
  boot:format(5, '{"chargePointVendor":"a vendor with a much too long name","chargePointModel":"M"}'),
  "PropertyConstraintViolation",
  "m5"
)
check(why:find("chargePointVendor", 1, true), "the path is named: " .. why)
why = refused(
  '[2,"m6","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z",'
    .. '"sampledValue":[{"value":"1"},{"value":"2","unit":"Furlong"}]}]}]',
  "PropertyConstraintViolation",
  "m6"
)
check(why:find("meterValue[0].sampledValue[1].unit", 1, true), "the path is named: " .. why)
refused('[2,"m7","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"noon"}]', "PropertyConstraintViolation", "m7")
refused('[2,"m8","Heartbeat",[]]', "FormationViolation", "m8")
refused('[2,"m9","Heartbeat"]', "FormationViolation", "m9")
refused('[2,"m10",12,{}]', "FormationViolation", "m10")
serving()

-- What is no envelope, or not JSON at all, has no id to answer to: an error with whatever id there is, or silence,
-- or a close; but never a hang-up of anybody else.
local garbage = {
  "", " ", "null", "7", "{}", "[]", "[2]", "[2,", '[2,"x","Heartbeat",{}', '[2,"x","Heartbeat",{}]]',
  '[2,"dup","Heartbeat",{"a":1,"a":2}]', '[2,"nul","Heartbeat",{"a":"\\u0000"}]', "[01]", '["2","x","Heartbeat",{}]',
  "[2,null,\"Heartbeat\",{}]", "[2,7,\"Heartbeat\",{}]", '[2,"","Heartbeat",{}]', '[9,"x",{}]', "pong",
  '[1,"x",{}]', "[2,\"\1\",\"Heartbeat\",{}]", ("["):rep(5000), ("[["):rep(60) .. ("]]"):rep(60),
  '[2,"' .. ("x"):rep(5000) .. '","Heartbeat",{}]', '[2,"big","Heartbeat",{"n":' .. ("9"):rep(400) .. "}]",
  '[3,"never-asked",{}]', '[4,"never-asked","InternalError","",{}]', '[3,"",{}]', "[3]", '[4,"x"]',
}
for _, text in ipairs(garbage) do
  connect()
  cp:send_raw(text)
  -- The answer to a request behind it shows that this one is dealt with.
  local response, err = cp:call("Heartbeat", {}, { timeout = 10 })
  check(response or err.code == "Closed", "after " .. text:sub(1, 60) .. ": " .. show(err))
end
serving()

-- Bytes that are not UTF-8 close the link with 1007.
connect()
cp:send_raw('[2,"u","Heartbeat",{"a":"\xff\xfe"}]')
cp:expect { closed = 1007, timeout = 10 }
serving()

-- Binary frames are not OCPP-J.
connect()
cp:send_raw('[2,"b","Heartbeat",{}]', { binary = true })
cp:expect { closed = 1003, timeout = 10 }
serving()

-- A message in many fragments is a message.
connect()
cp:send_raw('[2,"frag","Heartbeat",{}]', { fragment = 1 })
cp:expect { kind = "result", id = "frag" }

-- One over the limit is refused with 1009, in one frame or in endless fragments. By hand, so that the close frame
-- is read while more is being sent.
local function refused_with_1009(send)
  local socket = tcp()
  socket:send(ws_handshake("/ocpp/" .. id, { subprotocol = "ocpp1.6" }))
  socket:receive "\r\n\r\n"
  send(socket)
  local frame = socket:receive(4, 20)
  check(frame and frame:byte(1) == 0x88 and frame:sub(3, 4) == "\x03\xf1", "a close with 1009: " .. show(frame))
  socket:reset()
end

local call = '[2,"huge","DataTransfer",{"vendorId":"v","data":"'
refused_with_1009(function(socket)
  socket:send(ws_frame(1, call .. ("x"):rep(400 * 1024) .. '"}]'))
end)
refused_with_1009(function(socket)
  socket:send(ws_frame(1, call, { fin = false }))
  local sent = 0
  while not socket.closed and socket.size == 0 do
    socket:send(ws_frame(0, ("x"):rep(8192), { fin = false }))
    sent = sent + 8192
    wait(0.002)
    check(sent < 8 << 20, "it is stopped before all memory is full")
  end
end)
serving()
check(server.running())
witness:disconnect()
cp:disconnect()

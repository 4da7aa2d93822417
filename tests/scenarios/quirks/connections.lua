-- How chargers connect otherwise than they should, by the numbers of docs/quirks.md: who is let in and as whom, who is
-- not, and what keeps a link.
settings { config = { http = { ping = "300ms", idle = "2s" } } }
local deviations = require "deviations"
local OFFER = { subprotocol = "ocpp1.6" }

-- The link's bytes, and the head of the answer.
local function shake(path, options)
  local socket = tcp()
  socket:send(ws_handshake(path, options or OFFER))
  return socket, socket:receive("\r\n\r\n", 20)
end

local function call(socket, action, payload)
  socket:send(ws_frame(1, ('[2,"1","%s",%s]'):format(action, payload or "{}")))
  repeat
    local head = socket:receive(2, 20)
    local text = socket:receive(head:byte(2) < 126 and head:byte(2) or string.unpack(">I2", socket:receive(2, 20)), 20)
  until head:byte(1) == 0x81
end

-- Let in, as this charger.
local function enters(path, id, options)
  local socket, head = shake(path, options)
  check(head and head:find "^HTTP/1.1 101", path .. ": " .. show(head))
  check(head:find "Sec%-WebSocket%-Protocol: ocpp1.6\r\n", head)
  equal(http.get(deviations.path_of(id)).body.connected, true)
  call(socket, "Heartbeat")
  socket:reset()
  eventually(function() return not http.get(deviations.path_of(id)).body.connected end)
end

local function refused(status, path, options)
  local socket, head = shake(path, options)
  check(head and head:find("^HTTP/1.1 " .. status), path .. ": " .. show(head))
  local why = socket:receive(tonumber(head:match "Content%-Length: (%d+)"), 20)
  socket:close()
  return json.decode(why).detail
end

-- For longer than http.idle the charger only does this, every so often; at the end it is still there.
local function stays(id, often, act)
  seed.charger(id)
  local socket = shake("/ocpp/" .. id)
  for _ = 1, 3.0 // often do
    wait(often)
    act(socket)
  end
  call(socket, "Heartbeat")
  socket:reset()
end

local list = {}

list[1] = { "no subprotocol, and no identity in the path", function()
  seed.charger { charge_point_id = "D1", vendor = "Grizzl-E" }
  local cp = charger { id = "D1", subprotocol = false, silent = true }
  cp:connect()
  equal({ cp.chosen_subprotocol, cp:boot().status }, { "", "Accepted" })
  check(refused(404, "/", {}):find "/ocpp/IDENTITY")
end }

list[2] = { "an empty list of subprotocols", function()
  seed.charger { charge_point_id = "D2", quirks = array { "no_subprotocol" } }
  seed.charger "D2-OTHER"
  local socket, head = shake("/ocpp/D2", { subprotocol = "" })
  check(head:find "^HTTP/1.1 101" and not head:lower():find "sec%-websocket%-protocol", head)
  call(socket, "Heartbeat")
  check(refused(400, "/ocpp/D2-OTHER", { subprotocol = "" }):find "spoken here: ocpp1.6")
end }

list[3] = { "an empty item in the list", function()
  seed.charger "D3"
  for _, offered in ipairs { ",ocpp1.6", "ocpp1.6,", " , ,ocpp1.6", ",ocpp2.0.1,,ocpp1.6" } do
    enters("/ocpp/D3", "D3", { subprotocol = offered })
  end
  refused(400, "/ocpp/D3", { subprotocol = ",ocpp0.9" })
end }

list[4] = { "several subprotocols", function()
  seed.charger "D4"
  for _, offered in ipairs { "ocpp1.6, ocpp1.5", "ocpp1.5,ocpp1.6", "ocpp1.6,ocpp1.6" } do
    enters("/ocpp/D4", "D4", { subprotocol = offered })
  end
end }

list[5] = { "a link to try out what is spoken, then another", function()
  seed.charger "D5"
  local first, second = charger { id = "D5", silent = true }, charger { id = "D5", subprotocol = "ocpp9, ocpp1.6", silent = true }
  first:connect()
  second:connect()
  check(first:wait_closed(10))
  equal(second:boot().status, "Accepted")
  equal(http.get("/connections/D5").status, 200)
end }

list[6] = { "no Connection: Upgrade", function()
  seed.charger "D6"
  local socket = tcp()
  socket:send((ws_handshake("/ocpp/D6", OFFER):gsub("Connection: Upgrade", "Connection: keep-alive")))
  check(socket:receive("\r\n", 20):find "^HTTP/1.1 400")
end }

list[7] = { "slashes too many", function()
  seed.charger "D7"
  for _, path in ipairs { "///ocpp/D7", "/ocpp///D7", "///ocpp///D7//" } do
    enters(path, "D7")
  end
end }

list[8] = { "the whole URL in the path", function()
  seed.charger "D8"
  enters("/ws://10.0.0.1:9000/ocpp/D8", "D8")
  enters("/wss://host/ocpp/D8/", "D8")
  seed.charger "D8/SERIAL_1234" -- and what it appends is a part of its identity
  enters("/ws://10.0.0.1:9000/ocpp/D8/SERIAL_1234", "D8/SERIAL_1234")
end }

list[9] = { "a target with scheme and host", function()
  seed.charger "D9"
  enters("ws://10.0.0.1:9000/ocpp/D9", "D9")
  enters("http://host/ocpp/D9", "D9")
end }

list[10] = { "identities with blanks and the like, encoded", function()
  for _, case in ipairs { { "RDAM 123", "RDAM%20123" }, { "RDAM|123", "RDAM%7C123" } } do
    seed.charger { charge_point_id = case[1], password = "the-right-password", security_profile = 1 }
    local basic = "Authorization: Basic " .. crypto.base64(case[1] .. ":the-right-password")
    local path = "/ocpp/" .. case[2]
    local socket, head = shake(path, { subprotocol = "ocpp1.6", headers = { basic } })
    check(head:find "^HTTP/1.1 101", head)
    call(socket, "Heartbeat")
    refused(401, path, { subprotocol = "ocpp1.6", headers = { "Authorization: Basic " .. crypto.base64(case[2] .. ":the-right-password") } })
  end
end }

list[11] = { "more behind the identity", function()
  seed.charger "D11/4/CBI-1"
  enters("/ocpp/D11/4/CBI-1", "D11/4/CBI-1")
  enters("/ocpp?chargePointId=D11/4/CBI-1", "D11/4/CBI-1")
  refused(404, "/ocpp/D11/4/CBI-2")
end }

list[12] = { "passwords in hex or as bytes, and both by turns", function()
  local key = "4f43415f4f4354545f61646d696e5f74657374fe"
  seed.charger { charge_point_id = "D12", password = key, security_profile = 1 }
  local function with(password)
    return { subprotocol = "ocpp1.6", headers = { "Authorization: Basic " .. crypto.base64("D12:" .. password) } }
  end
  refused(401, "/ocpp/D12", with(key:sub(1, 38) .. "00"))
  for _, password in ipairs { key, crypto.unhex(key), key:upper() } do
    eventually(function()
      local socket, head = shake("/ocpp/D12", with(password))
      socket:reset()
      return head:find "^HTTP/1.1 101"
    end)
  end
end }

list[13] = { "reserved bits in frames, and the next link at once", function()
  seed.charger "D13"
  for _ = 1, 3 do
    local socket, head = shake "/ocpp/D13"
    check(head and head:find "^HTTP/1.1 101", show(head))
    socket:send(ws_frame(1, '[2,"1","Heartbeat",{}]', { rsv = 4 }))
  end
  enters("/ocpp/D13", "D13")
end }

list[14] = { "a new link while the old one looks alive", function()
  local old = deviations.charger "D14"
  old:abandon()
  local new = charger { id = "D14", silent = true }
  new:connect()
  equal(new:boot().status, "Accepted")
  wait(2.5) -- by now the old one is cut as silent
  check(new:heartbeat())
  equal(http.get("/connections/D14").status, 200)
end, long = true }

list[15] = { "pings are not answered", function()
  stays("D15", 0.6, function(socket) call(socket, "Heartbeat") end)
end, long = true }

list[16] = { "pings, but seldom", function()
  stays("D16", 1.5, function(socket) socket:send(ws_frame(9, "")) end)
end, long = true }

list[17] = { "no pings, and heartbeats as seldom as they may be", function()
  stays("D17", 1.5, function(socket) call(socket, "Heartbeat") end)
end, long = true }

list[18] = { "pong as a message", function()
  seed.charger { charge_point_id = "D18", quirks = array { "text_pong" } }
  local cp = charger { id = "D18", silent = true }
  cp:connect()
  cp:send_raw "pong"
  check(cp:heartbeat())
  deviations.counted("D18", { kind = "repair", rule = "text_pong", count = 1 })
end }

list[19] = { "commands that come too soon after it has connected", function()
  seed.charger "D19"
  local path = deviations.path_of "D19"
  local function ask(action, payload)
    http.post(path .. "/commands", { action = action, payload = payload, if_offline = "queue", wait_s = 0 })
  end
  ask("TriggerMessage", { requestedMessage = "StatusNotification" })
  ask("GetConfiguration", {})
  local socket = shake "/ocpp/D19"
  socket:send(ws_frame(1, '[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'))
  local head = socket:receive(2, 20)
  local text = socket:receive(head:byte(2) & 127, 20)
  check(text:find '^%[3,"1",', "the first that it hears is the answer to its boot: " .. text)
  head = socket:receive(2, 20)
  local length = head:byte(2) & 127
  text = socket:receive(length < 126 and length or string.unpack(">I2", socket:receive(2, 20)), 20)
  check(text:find '^%[2,".-","TriggerMessage"', text)
end }

deviations.tell(list, 1, 19)

-- Frames that are no JSON, of chargers that are known to send such; and a charger that asks for no subprotocol.
local path_of = require("deviations").path_of

local function counts(id, kind)
  local found = {}
  for _, item in ipairs(http.get(path_of(id) .. "/violations?kind=" .. kind).body.items) do
    found[item.rule] = item.count
    equal(item.direction, "frame")
  end
  return found
end

local status = '[2,"%s","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError","info":"%s"}]'
local mended = {
  { "wallbe", { "strip_nul" }, status:format("1", "a\0b"), "ab" },
  { nil, { "strip_nul" }, status:format("2", "a\\u0000b\\\\u0000"), "ab\\u0000" },
  { nil, { "escape_controls" }, status:format("3", "a\nb\t\1\\\"c"), "a\nb\t\1\"c" },
  { nil, { "strip_bom" }, "\xef\xbb\xbf" .. status:format("4", "bom"), "bom" },
  { nil, { "cut_trailing" }, status:format("5", "] }\\\"") .. '"}]', "] }\"" },
  { "ZJ BENY", { "escape_controls", "cut_trailing" }, status:format("6", "x\ry") .. "\0\0garbage", "x\ry" },
}
for i, case in ipairs(mended) do
  local by_rule, names, frame, info = table.unpack(case)
  local id, plain = "QB" .. i, "QP" .. i
  seed.charger { charge_point_id = id, vendor = by_rule or "Acme", quirks = not by_rule and array(names) or nil }
  seed.charger { charge_point_id = plain, vendor = "Acme" }
  local cp, other = charger { id = id, silent = true }, charger { id = plain, silent = true }
  cp:connect()
  equal(http.get(path_of(id)).body.in_force.quirks, names)
  cp:send_raw(frame)
  local answer = cp:receive(5)
  equal(answer.kind, "result", show(answer))
  equal(http.get(path_of(id)).body.connectors[1].info, info)

  other:connect()
  other:send_raw(frame)
  matches(other:receive(5), { id = "-1", code = "FormationViolation" })

  eventually(function() return http.get(path_of(id)).body.repairs == #names end)
  for _, name in ipairs(names) do equal(counts(id, "repair")[name], 1) end
  equal(http.get(path_of(id)).body.violations, 0)
  eventually(function() return http.get(path_of(plain)).body.violations == 1 end)
end

-- What is JSON is not touched, and what cannot be mended is refused as ever.
local cp = charger { id = "QB1", silent = true }
cp:connect()
cp:send_raw(status:format("7", "fine"))
equal(cp:receive(5).kind, "result")
cp:send_raw('[2,"8","Heartbeat",{}\0')
matches(cp:receive(5), { id = "-1", code = "FormationViolation" })
eventually(function() return http.get(path_of "QB1").body.violations == 1 end)
equal(http.get(path_of "QB1").body.repairs, 1)

-- A pong as a message: no answer; of another charger it is no JSON.
seed.charger { charge_point_id = "QPONG", quirks = array { "text_pong" } }
local pong = charger { id = "QPONG", silent = true }
pong:connect()
pong:send_raw "pong"
check(pong:heartbeat())
eventually(function() return counts("QPONG", "repair").text_pong == 1 end)
equal(pong:receive(0.1), nil)

-- No subprotocol is offered: 400, but not for one that is known to offer none.
seed.charger { charge_point_id = "QH1", vendor = "Grizzl-E" }
seed.charger { charge_point_id = "QH2", vendor = "Acme" }
local grizzly = charger { id = "QH1", subprotocol = false, silent = true }
grizzly:connect()
equal(grizzly.chosen_subprotocol, "")
equal(grizzly:boot().status, "Accepted")
equal(http.get(path_of "QH1").body.ocpp, "ocpp1.6")
local _, refused = charger({ id = "QH2", subprotocol = false, silent = true }):try_connect()
equal(refused.status, 400)

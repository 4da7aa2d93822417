-- Frames that are otherwise than they should be, by the numbers of docs/quirks.md.
settings { config = { ocpp = { command_timeout = "1s" } } }
local deviations = require "deviations"
seed.token "D-TAG"

local function transactions(id)
  return http.get("/api/admin/transactions?charger=" .. id).body.items
end

local function command(id, action, payload)
  return http.post(deviations.path_of(id) .. "/commands", { action = action, payload = payload })
end

local list = {}

list[20] = { "line breaks between the parts", function()
  local cp = deviations.charger "D20"
  cp:send_raw '\r\n[2,\r\n\t"a",\r\n "Heartbeat",\n\n{\r\n}\r\n]\r\n'
  check(cp:expect({ kind = "result", id = "a" }).payload.currentTime)
end }

list[21] = { "zero bytes in a text", function()
  seed.charger { charge_point_id = "D21", vendor = "wallbe" }
  local cp = charger { id = "D21", vendor = "wallbe", silent = true }
  cp:connect()
  cp:send_raw '[2,"a","BootNotification",{"chargePointVendor":"wallbe","chargePointModel":"Pro\0\0"}]'
  equal(cp:expect({ kind = "result", id = "a" }).payload.status, "Accepted")
  equal(http.get(deviations.path_of "D21").body.model, "Pro")
end }

list[22] = { "an empty message id", function()
  local cp = deviations.charger "D22"
  cp:send_raw '[3,"",{}]'
  check(cp:heartbeat())
  cp:send_raw '[2,"","Heartbeat",{}]'
  equal(cp:expect({ kind = "error", id = "-1" }).code, "FormationViolation")
  check(cp:heartbeat())
end }

list[23] = { "an answer under another id", function()
  local cp = deviations.charger "D23"
  cp:on("ClearCache", false)
  spawn(function()
    cp:expect { action = "ClearCache" }
    cp:send_raw '[3,"another",{"status":"Accepted"}]'
  end)
  equal(command("D23", "ClearCache", {}).body.state, "timed_out")
  deviations.counted("D23", { kind = "violation", rule = "answers nothing that was asked", count = 1 })
  cp:on "ClearCache"
  equal(command("D23", "ClearCache", {}).body.state, "accepted")
end }

list[24] = { "messages of a type that there is not", function()
  local cp = deviations.charger "D24"
  cp:send_raw '[1,"a","Heartbeat",{}]'
  check(cp:heartbeat())
  equal(cp:receive(0.1), nil)
  deviations.counted("D24", { kind = "violation", direction = "frame", rule = "the message type is not 2, 3 or 4" })
end }

list[25] = { "the same id and message before the answer", function()
  local cp = deviations.charger "D25"
  local start = ('[2,"a","StartTransaction",{"connectorId":1,"idTag":"D-TAG","meterStart":5,"timestamp":"%s"}]'):format(cp:now())
  local ids = {}
  for _ = 1, 3 do
    cp:send_raw(start)
  end
  for i = 1, 3 do
    ids[i] = cp:expect({ kind = "result", id = "a" }).payload.transactionId
  end
  equal(ids, { ids[1], ids[1], ids[1] })
  local stop = ('[2,"b","StopTransaction",{"transactionId":%d,"meterStop":9,"timestamp":"%s"}]'):format(ids[1], cp:now())
  for _ = 1, 2 do
    cp:send_raw(stop)
  end
  for _ = 1, 2 do
    cp:expect { kind = "result", id = "b" }
  end
  equal({ #transactions "D25", transactions("D25")[1].energy_wh }, { 1, 4 })
end }

list[26] = { "errors spelled otherwise, details that are a text", function()
  local cp = deviations.charger "D26"
  for _, code in ipairs { "FormatViolation", "OccurrenceConstraintViolation" } do
    cp:on("ClearCache", false)
    spawn(function()
      cp:send_raw(('[4,"%s","%s","no","a text"]'):format(cp:expect({ action = "ClearCache" }).id, code))
    end)
    matches(command("D26", "ClearCache", {}).body, { state = "failed", error = { code = code, detail = "no" } })
  end
  -- What we send is spelled as OCPP 1.6 has it.
  local _, err = cp:call("Heartbeat", { more = 1 })
  equal(err.code, "OccurenceConstraintViolation")
  cp:send_raw '[2,"a","Heartbeat"]'
  equal(cp:expect({ id = "a" }).code, "FormationViolation")
end }

list[27] = { "a StopTransaction with the readings of a day", function()
  local cp = deviations.charger "D27"
  local id = cp:demand("StartTransaction", { connectorId = 1, idTag = "D-TAG", meterStart = 0, timestamp = cp:now(-86400 + 60) }).transactionId
  local data = {}
  for i = 1, 1440 do
    data[i] = { timestamp = cp:now(-86400 + 60 * i), sampledValue = { { value = tostring(i * 10), unit = "Wh", context = "Sample.Periodic" } } }
  end
  local payload = { transactionId = id, meterStop = 14400, timestamp = cp:now(), transactionData = data }
  check(#json.encode(payload) > 128 * 1024, "more than twice the 65,000 bytes that chargers are known for")
  equal(cp:demand("StopTransaction", payload), {})
  matches(transactions("D27")[1], { energy_wh = 14400, state = "completed" })
  equal(#http.get("/api/admin/transactions/" .. transactions("D27")[1].id .. "/meter-values?limit=500").body.items, 500)
end }

list[28] = { "keys and values longer than they may be: not from us", function()
  local cp = deviations.charger "D28"
  cp:on("ChangeConfiguration", function(payload)
    return { status = #payload.value <= 500 and "Accepted" or "Rejected" }
  end)
  local function change(key, value)
    return command("D28", "ChangeConfiguration", { key = key, value = value })
  end
  equal(change("Any", ("x"):rep(500)).body.state, "accepted")
  for _, case in ipairs { { "Any", ("x"):rep(551) }, { ("k"):rep(51), "1" } } do
    equal(change(case[1], case[2]).status, 422)
  end
end }

deviations.tell(list, 20, 28)

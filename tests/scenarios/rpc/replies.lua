-- What a charger answers to commands, other than it should: late, twice, to nothing, with an error, while it asks itself.
-- The command ends with the reason, the next one is not held up, the link lives on, and all is counted.
settings { config = { ocpp = { command_timeout = "1s" } } }
seed.charger "REPLIES"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=REPLIES").body.items[1].id
local cp = charger { id = "REPLIES", silent = true }
cp:connect()
cp:boot()

local function ask(extra)
  local body = { action = "ClearCache", wait_s = 20 }
  for key, value in pairs(extra or {}) do
    body[key] = value
  end
  return http.post(path .. "/commands", body)
end

local function state_of(id)
  return http.get("/api/admin/commands/" .. id).body
end

local function counted(rule)
  return eventually(function()
    for _, item in ipairs(http.get(path .. "/violations").body.items) do
      if item.rule == rule then
        return item.count
      end
    end
  end)
end

-- The next command is answered as if nothing had been.
local function goes_on()
  cp:on "ClearCache"
  equal(ask().body.state, "accepted")
  check(cp:heartbeat().currentTime)
end

-- The next command is dealt with by `answer`, and nothing that came before.
local function meanwhile(answer)
  while cp:receive(0) do
  end
  cp:on("ClearCache", false)
  spawn(function()
    answer(cp:expect { action = "ClearCache" })
  end)
end

log "late"
cp:on("ClearCache", false)
matches(ask().body, { state = "timed_out", error = { code = json.null, detail = "the charger did not answer in time" } })
local call = cp:expect { action = "ClearCache" }
cp:answer(call, { status = "Accepted" })
goes_on()
equal(state_of(call.id).state, "timed_out")
equal(counted "answers too late", 1)

log "twice, the second time otherwise"
meanwhile(function(asked)
  cp:answer(asked, { status = "Accepted" })
  cp:answer(asked, { status = "Rejected" })
  cp:answer_error(asked, "InternalError")
end)
local twice = ask().body
equal(twice.state, "accepted")
goes_on()
equal(state_of(twice.id).state, "accepted")
equal(counted "answers what it has answered before", 2)

log "to nothing: an id never sent, none, one of its own calls"
for _, text in ipairs { '[3,"never-sent",{"status":"Accepted"}]', '[4,"never-sent","GenericError","",{}]', '[3,"%s",{}]' } do
  local own = cp:new_message_id()
  cp:send_raw(('[2,"%s","Heartbeat",{}]'):format(own))
  cp:expect { kind = "result", id = own }
  cp:send_raw((text:gsub("%%s", own)))
end
goes_on()
equal(counted "answers nothing that was asked", 3)

-- The charger says this text about the next command, then Accepted; what the admin hears.
local function says(text)
  meanwhile(function(asked)
    cp:send_raw((text:gsub("%%s", asked.id)))
    check(cp:heartbeat().currentTime)
    cp:answer(asked, { status = "Accepted" })
  end)
  return ask().body
end

log "malformed: what names the command but is no answer is passed over, and it waits on"
for _, text in ipairs {
  '[3,"%s"]', '[3,"%s",{}', '[3,"%s",{"status":"Accepted"},1]', '[4,"%s"]', '[5,"%s",{}]', "[3]", '["3","%s",{}]', "[]",
  '{"3":"%s"}', '[2,"%s","Heartbeat",{}]', '[3,"%s",{"status":"Accepted","status":"Rejected"}]',
  '[3,"%s",{"status":' .. ("["):rep(31) .. ("]"):rep(31) .. "}]",
} do
  matches(says(text), { state = "accepted", error = json.null }, text)
end
for _, text in ipairs { '[3,"%s",[]]', '[3,"%s",null]', '[3,"%s","Accepted"]' } do
  matches(says(text), {
    state = "failed",
    error = { code = "FormationViolation", detail = "the charger's answer breaks its schema: the payload is not an object" },
  }, text)
end
goes_on()

log "an error, of the standard's codes or others, with what belongs to it or without"
for _, code in ipairs {
  "NotImplemented", "NotSupported", "InternalError", "ProtocolError", "SecurityError", "FormationViolation",
  "PropertyConstraintViolation", "OccurenceConstraintViolation", "OccurrenceConstraintViolation",
  "TypeConstraintViolation", "GenericError", "FormatViolation", "Tired",
} do
  matches(says(('[4,"%%s","%s","no",{}]'):format(code)), {
    state = "failed", response = json.null, error = { code = code, detail = "no" },
  })
end
for _, text in ipairs {
  '[4,"%s","GenericError"]', '[4,"%s","GenericError",null,null]', '[4,"%s","GenericError","",[]]', '[4,"%s",7,8,9]',
} do
  matches(says(text), { state = "failed", error = { code = "GenericError", detail = "" } }, text)
end
goes_on()

log "while it asks: its call and its answer pass each other"
cp:on("ClearCache", function()
  local own = cp:new_message_id()
  cp:send_raw(('[2,"%s","Heartbeat",{}]'):format(own))
  check(cp:expect({ kind = "result", id = own }).payload.currentTime)
  return { status = "Accepted" }
end)
equal(ask().body.state, "accepted")
meanwhile(function(asked)
  cp:send_raw(('[2,"%s","Heartbeat",{}]'):format(asked.id)) -- the same id, in its own direction
  check(cp:expect({ kind = "result", id = asked.id }).payload.currentTime)
  cp:answer(asked, { status = "Rejected" })
end)
equal(ask().body.state, "rejected")
goes_on()

log "gone before it answers: the command has failed, unless it could wait"
cp:on("Reset", function()
  cp:drop()
end)
matches(http.post(path .. "/commands", { action = "Reset", payload = { type = "Soft" } }).body, {
  state = "failed", error = { code = json.null, detail = "the charger disconnected before it answered" },
})
cp:wait_closed()
cp:connect()
cp:boot()
cp:on("GetConfiguration", function()
  cp:drop()
end)
local waiting = http.post(path .. "/commands", { action = "GetConfiguration", if_offline = "queue", wait_s = 0 }).body
cp:wait_closed()
cp:on "GetConfiguration"
cp:connect()
cp:boot()
eventually(function()
  return state_of(waiting.id).state == "accepted"
end)
goes_on()

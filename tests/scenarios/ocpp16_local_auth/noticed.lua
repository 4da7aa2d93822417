-- What nobody tells of: a list lost without a boot, lists switched off and on again for all, and a charger that will never
-- have what it is sent.
settings { config = { ocpp16_local_auth = { lists = "on", check_every = "50ms", retry_after = "60s" } } }
for i = 1, 5 do
  seed.token("NOTED" .. i)
end

local function make(id)
  seed.charger(id)
  local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=" .. id).body.items[1].id .. "/local-list"
  local cp = charger { id = id, silent = true }
  cp.configuration.SendLocalListMaxLength = "3"
  return cp, path
end

local function becomes(path, state, entries)
  return eventually(function()
    local l = http.get(path).body
    return l.state == state and not l.at_work and (not entries or l.entries == entries) and l
  end)
end

local sent
local function watch(cp, answer)
  sent = {}
  cp:on("SendLocalList", function(payload)
    table.insert(sent, payload.updateType)
    return answer and answer(payload) or cp.behaviour.actions.SendLocalList(cp, payload)
  end)
end

log "every Differential refused: whole twice, then left alone"
local cp, path = make "NOTED-PARTS"
watch(cp, function(payload)
  return payload.updateType == "Differential" and { status = "Failed" }
end)
cp:connect()
cp:boot()
matches(becomes(path, "failed"), { reason = "SendLocalList Differential: Failed", known = false })
equal(sent, { "Full", "Differential", "Full", "Differential" })
seed.token "NOTED6"
wait(0.3)
equal(#sent, 4)
watch(cp)
http.post(path .. "/sync", {})
becomes(path, "current", 6)
equal(sent, { "Full", "Differential" })

log "lost without a boot: seen at the next connection"
watch(cp)
cp.local_list.entries, cp.local_list.version = {}, 0
cp:drop()
cp:connect()
eventually(function()
  return sent[2]
end)
becomes(path, "current", 6)
equal(sent, { "Full", "Differential" })

log "as it was: asked for the version, sent nothing"
watch(cp)
local asked = 0
cp:on("GetLocalListVersion", function(payload)
  asked = asked + 1
  return cp.behaviour.actions.GetLocalListVersion(cp, payload)
end)
cp:drop()
cp:connect()
eventually(function()
  return asked > 0
end)
becomes(path, "current", 6)
equal(sent, {})

local function send_by_hand(version)
  return http.post((path:gsub("local%-list$", "commands")), { action = "SendLocalList", payload = {
    listVersion = version, updateType = "Full", localAuthorizationList = { { idTag = "STRANGE", idTagInfo = { status = "Accepted" } } },
  } })
end

log "killed with the answer to a list sent by hand on its way, and back without a boot: set right"
cp:on("SendLocalList", function(payload)
  local answer = cp.behaviour.actions.SendLocalList(cp, payload)
  server.kill()
  return answer
end)
pcall(send_by_hand, 500)
cp:wait_closed()
watch(cp)
server.start()
cp:reconnect()
eventually(function()
  return not cp.local_list.entries.STRANGE
end)
becomes(path, "current", 6)

log "sent by hand and accepted: set right at the next connection"
equal(send_by_hand(900).body.state, "accepted")
equal(http.get(path).body.entries, 1)
cp:drop()
cp:reconnect()
becomes(path, "current", 6)
equal(cp.local_list.entries.STRANGE, nil)

log "switched off for all and on again: emptied, and filled"
server.reload { ocpp16_local_auth = { lists = "off" } }
matches(becomes(path, "current", 0), { effective = "off", synced_at = json.null })
cp:drop()
cp:reconnect()
server.reload { ocpp16_local_auth = { lists = "on" } }
becomes(path, "current", 6)

log "limits that a charger does not have are asked for once"
cp, path = make "NOTED-LIMITS"
cp.configuration.SendLocalListMaxLength = "100"
local limits_asked = 0
cp:on("GetConfiguration", function(payload)
  limits_asked = limits_asked + 1
  return { unknownKey = payload.key }
end)
cp:reconnect()
cp:boot()
becomes(path, "current", 6)
local at_first = limits_asked -- the boot has it asked again if a look was faster
check(at_first == 1 or at_first == 2, at_first)
seed.token "NOTED7"
becomes(path, "current", 7)
equal(limits_asked, at_first)

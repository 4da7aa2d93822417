-- Lists of chargers that cannot have one, refuse it, go away, and over kills of the server.
settings { config = { ocpp16_local_auth = { lists = "on", check_every = "50ms", retry_after = "1s" } } }
for i = 1, 3 do
  seed.token("ROUGH" .. i)
end

local function make(id)
  seed.charger(id)
  local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=" .. id).body.items[1].id .. "/local-list"
  return charger { id = id, silent = true }, path
end

local function becomes(path, state)
  return eventually(function()
    local l = http.get(path).body
    return l.state == state and not l.at_work and l
  end)
end

log "not enabled: nothing is sent"
local cp, path = make "ROUGH-DISABLED"
cp.configuration.LocalAuthListEnabled = "false"
cp:connect()
cp:boot()
local l = becomes(path, "unsupported")
check(l.reason:find("LocalAuthListEnabled", 1, true), l.reason)
cp.configuration.LocalAuthListEnabled = "true"
http.post(path .. "/sync", {})
matches(becomes(path, "current"), { entries = 3, reason = json.null })

log "not supported, in each way"
for n, answer in ipairs {
  function()
    return nil, "NotSupported", "no"
  end,
  function()
    return { status = "NotSupported" }
  end,
} do
  cp, path = make("ROUGH-UNABLE" .. n)
  cp:on("SendLocalList", answer)
  cp:connect()
  cp:boot()
  check(becomes(path, "unsupported").reason:find("NotSupported", 1, true))
end

log "refused again and again: left alone for a while, then tried again"
cp, path = make "ROUGH-REFUSES"
local asked = 0
cp:on("SendLocalList", function(payload)
  asked = asked + 1
  equal(payload.updateType, "Full")
  return { status = "Failed" }
end)
cp:connect()
cp:boot()
matches(becomes(path, "failed"), { reason = "SendLocalList Full: Failed", known = false })
equal(asked, 2)
cp:on "SendLocalList"
matches(becomes(path, "current"), { entries = 3 })

log "a charger that does not tell its limits gets parts of the configured size"
cp, path = make "ROUGH-SILENT"
cp:on("GetConfiguration", function()
  return nil, "InternalError", "no"
end)
cp:connect()
cp:boot()
matches(becomes(path, "current"), { entries = 3, part_max = json.null })

log "away while tokens change: it gets them when it is back, also without a boot"
cp:drop()
seed.token "ROUGH4"
cp:connect()
matches(becomes(path, "current"), { entries = 4 })

log "gone before it answers, with the list in its hands"
cp:on("SendLocalList", function(payload)
  cp.behaviour.actions.SendLocalList(cp, payload)
  cp:drop()
end)
seed.token "ROUGH5"
cp:wait_closed()
eventually(function()
  return http.get(path).body.known == false
end)
cp:on "SendLocalList"
cp:connect()
matches(becomes(path, "current"), { entries = 5, known = true })
equal(cp.local_list.version, http.get(path).body.version)

log "killed when the charger has accepted and its answer is on the way"
local killed = false
cp:on("SendLocalList", function(payload)
  local answer = cp.behaviour.actions.SendLocalList(cp, payload)
  if not killed then
    killed = true
    server.kill()
  end
  return answer
end)
pcall(seed.token, "ROUGH6")
cp:wait_closed()
server.start()
cp:reconnect()
cp:boot()
matches(becomes(path, "current"), { entries = 6, known = true })
local n = 0
for _ in pairs(cp.local_list.entries) do
  n = n + 1
end
equal(n, 6)

log "killed while it is off"
cp:disconnect()
http.put(path, { mode = "off" })
server.kill()
server.start()
cp:reconnect()
cp:boot()
matches(becomes(path, "current"), { entries = 0, effective = "off" })

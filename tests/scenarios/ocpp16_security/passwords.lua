-- A charger gets a new password and a higher security profile: the old one holds until the new one is accepted or used.
settings { tls = true }
seed.charger { charge_point_id = "PASS1", password = "the-first-password", security_profile = 1 }
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=PASS1").body.items[1].id
local cp = charger { id = "PASS1", password = "the-first-password", security_profile = 1, tls_url = server.tls_base, silent = true }
cp:connect()
cp:boot()

local function opens(password)
  local other = charger { id = "PASS1", password = password, silent = true, url = server.tls_base }
  local ok = other:try_connect()
  if ok then
    other:disconnect()
  end
  return ok or false
end

-- The taking over of the link by another one is over.
local function back()
  cp:wait_closed()
  cp:reconnect()
  cp:boot()
end

local function rotate(extra)
  return http.post(base .. "/rotate-password", extra or {})
end

log "accepted: the new one, and no longer the old one"
local link = cp.link
local answer = rotate()
matches(answer, { status = 200, body = { state = "accepted" } })
eventually(function()
  return cp.connected and cp.link ~= link and cp.password ~= "the-first-password"
end)
cp:boot()
equal(opens "the-first-password", false)
local current = cp.password
check(#current == 20)
equal(opens(current), true)
back()
check(not http.get("/api/admin/commands/" .. answer.body.id).text:find(crypto.hex(current), 1, true), "the command does not show it")
eventually(function()
  local items = http.get(base .. "/messages?action=ChangeConfiguration&direction=out").body.items
  return items[1] and items[1].payload.value == "***"
end)

log "refused: the old one holds"
cp:on("ChangeConfiguration", { status = "Rejected" })
equal(rotate().body.state, "rejected")
equal(opens(current), true)
back()

log "the answer is lost: the new one opens, and then the old one does not"
local offered
cp:on("ChangeConfiguration", function(payload)
  offered = crypto.unhex(payload.value)
  cp:drop()
end)
rotate { wait_s = 1 }
cp:wait_closed()
cp:on "ChangeConfiguration"
equal(opens(offered), true)
equal(opens(current), false)
cp.password = offered
cp:reconnect()
cp:boot()

log "over a kill between the question and the answer"
cp:on("ChangeConfiguration", function(payload)
  offered = crypto.unhex(payload.value)
  server.kill()
end)
pcall(rotate, { wait_s = 1 })
cp:wait_closed()
cp:on "ChangeConfiguration"
server.start()
cp.tls_url = server.tls_base
cp.password = offered
cp:reconnect()
equal(cp:boot().status, "Accepted")

log "up to profile 2: agreed to, used at the next reset; plain connections are over then"
equal(http.post(base .. "/raise-security-profile", { security_profile = 2 }).body.state, "accepted")
equal(http.get(base).body.security_profile, 1)
equal(http.post(base .. "/commands", { action = "Reset", payload = { type = "Soft" } }).body.state, "accepted")
eventually(function()
  return http.get(base).body.security_profile == 2 and cp.connected
end)
local plain = charger { id = "PASS1", password = cp.password, silent = true }
matches({ plain:try_connect() }, { nil, { status = 403 } })
equal(http.post(base .. "/raise-security-profile", { security_profile = 1 }).status, 422)
equal(http.post(base .. "/raise-security-profile", { security_profile = 4 }).status, 422)

log "and a new password over TLS"
cp:boot()
local before = cp.password
link = cp.link
matches(rotate().body, { state = "accepted" })
eventually(function()
  return cp.connected and cp.link ~= link and cp.password ~= before and cp.peer
end)
equal(cp:boot().status, "Accepted")
equal(opens(before), false)

log "for a charger that is away it waits as long as is said, or for a day, and is shown to nobody"
cp:disconnect()
equal(rotate().status, 409)
for deadline, least in pairs { [7200] = 7000, [0] = 80000 } do
  local waiting = rotate { if_offline = "queue", wait_s = 0, deadline_s = deadline > 0 and deadline or nil }
  equal(waiting.status, 202)
  local command = http.get("/api/admin/commands/" .. waiting.body.id).body
  check(command.deadline_at > now(least) and command.deadline_at < now(least + 10000), command.deadline_at)
  equal(command.payload, { key = "AuthorizationKey", value = "***" })
end

log "the call for a new certificate waits likewise"
for deadline, least in pairs { [7200] = 7000, [0] = 80000 } do
  local waiting = http.post(base .. "/renew-certificate", { if_offline = "queue", wait_s = 0, deadline_s = deadline > 0 and deadline or nil })
  equal(waiting.status, 202)
  local command = http.get("/api/admin/commands/" .. waiting.body.id).body
  check(command.deadline_at > now(least) and command.deadline_at < now(least + 10000), command.deadline_at)
end

log "no profile that needs a password without one, however it is asked for"
seed.charger "PASS2"
local bare = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=PASS2").body.items[1].id
local open = charger { id = "PASS2", silent = true }
open:connect()
open:boot()
for profile = 1, 2 do
  equal(http.post(bare .. "/raise-security-profile", { security_profile = profile }).status, 422)
  equal(http.post(bare .. "/raise-security-profile", { security_profile = profile, force = true }).status, 422)
  local raw = http.post(bare .. "/commands", { action = "ChangeConfiguration", payload = { key = "SecurityProfile", value = tostring(profile) } })
  matches(raw, { status = 422, body = { errors = { { path = "value", rule = "needs a password: change AuthorizationKey first" } } } }, raw.text)
end

-- A charger's local list follows the operator's tokens: whole at first, then what has changed; in parts of its size; cut to
-- its room; whole again when it has lost it; emptied when it is switched off.
settings { config = { ocpp16_local_auth = { check_every = "50ms", retry_after = "1s" } } }
seed.charger "LIST1"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=LIST1").body.items[1].id .. "/local-list"
for i = 1, 5 do
  seed.token("LL" .. i)
end
http.post("/api/admin/tokens", { id_tag = "LL-BLOCKED", status = "blocked" })
http.post("/api/admin/tokens", { id_tag = "LL-GROUP", expires_at = "2030-01-01T00:00:00.500Z" })
http.post("/api/admin/tokens", { id_tag = "LL-MEMBER", parent_id_tag = "LL-GROUP" })
http.post("/api/admin/tokens", { id_tag = "LL-OVER", expires_at = "2020-01-01T00:00:00Z" })
http.post("/api/admin/tokens", { id_tag = "LL-INVALID", status = "invalid" })

local cp = charger { id = "LIST1", silent = true }
cp.configuration.SendLocalListMaxLength = "3"
cp.configuration.LocalAuthListMaxLength = "100"
cp:connect()
cp:boot()

local sent = {}
local function watch()
  cp:on("SendLocalList", function(payload)
    table.insert(sent, payload)
    return cp.behaviour.actions.SendLocalList(cp, payload)
  end)
end
watch()

local function list()
  return http.get(path).body
end

-- The charger has as many entries, and the server knows it.
local function current(entries)
  local l = eventually(function()
    local l = list()
    return l.state == "current" and not l.at_work and l.entries == entries and l
  end)
  local n = 0
  for _ in pairs(cp.local_list.entries) do
    n = n + 1
  end
  equal(n, entries, "what the charger has")
  equal(l.version, cp.local_list.version)
  return l
end

log "nobody has decided: it gets nothing"
matches(list(), { mode = json.null, effective = "off", entries = 0, version = 0 })
wait(0.3)
equal(#sent, 0)

log "switched on: all of it, in parts of its size"
matches(http.put(path, { mode = "on" }).body, { mode = "on", effective = "on" })
matches(current(8), { part_max = 3, list_max = 100, left_out = 0, known = true })
equal(#sent, 3)
matches(sent[1], { updateType = "Full", listVersion = 1 })
matches(sent[2], { updateType = "Differential", listVersion = 2 })
for _, message in ipairs(sent) do
  check(#message.localAuthorizationList <= 3)
end
local entries = {}
for _, e in ipairs(http.get(path .. "/entries").body.items) do
  entries[e.id_tag] = e.id_tag_info
end
equal(entries["LL-BLOCKED"].status, "Blocked")
matches(entries["LL-MEMBER"], { status = "Accepted", parentIdTag = "LL-GROUP" })
equal(entries["LL-GROUP"].expiryDate, "2030-01-01T00:00:00Z")
equal(entries["LL-OVER"], nil)

log "changes: only these, together"
sent = {}
http.put("/api/admin/tokens/LL1", { status = "blocked" })
http.delete "/api/admin/tokens/LL2"
seed.token "LL6"
current(8)
local changed = {}
for _, message in ipairs(sent) do
  equal(message.updateType, "Differential")
  for _, e in ipairs(message.localAuthorizationList) do
    changed[e.idTag] = e.idTagInfo and e.idTagInfo.status or "removed"
  end
end
equal(changed, { LL1 = "Blocked", LL2 = "removed", LL6 = "Accepted" })
check(sent[1].listVersion > 3)

log "a group that may not charge takes its tokens with it"
http.put("/api/admin/tokens/LL-GROUP", { status = "blocked" })
eventually(function()
  for _, e in ipairs(http.get(path .. "/entries").body.items) do
    if e.id_tag == "LL-MEMBER" and e.id_tag_info.status == "Blocked" then
      return true
    end
  end
end)
current(8)

log "a charger that has lost it gets all of it again"
sent = {}
cp.local_list.entries, cp.local_list.version = {}, 0
cp:drop()
cp:connect()
cp:boot()
eventually(function()
  return sent[1]
end)
current(8)
equal(sent[1].updateType, "Full")

log "the same when an update is refused"
for _, status in ipairs { "VersionMismatch", "Failed" } do
  sent = {}
  cp:on("SendLocalList", function(payload)
    table.insert(sent, payload)
    if payload.updateType == "Differential" and sent[1] == payload then
      return { status = status }
    end
    return cp.behaviour.actions.SendLocalList(cp, payload)
  end)
  seed.token("LL-" .. status)
  eventually(function()
    return sent[2]
  end)
  equal(sent[2].updateType, "Full")
  current(status == "Failed" and 10 or 9)
end
watch()

log "no room: the newest that may charge come first"
cp.configuration.LocalAuthListMaxLength = "4"
http.post(path .. "/sync", { full = true })
matches(current(4), { left_out = 6, list_max = 4 })
cp.configuration.LocalAuthListMaxLength = "100"
equal(http.post(path .. "/sync", {}).status, 202)
current(10)

log "sent by hand: known as well, and set right"
local commands = path:gsub("local%-list$", "commands")
sent = {}
equal(http.post(commands, { action = "SendLocalList", payload = {
  listVersion = 500, updateType = "Full", localAuthorizationList = { { idTag = "STRANGE", idTagInfo = { status = "Accepted" } } },
} }).body.state, "accepted")
equal(http.get(path .. "/entries").body.items, { { id_tag = "STRANGE", id_tag_info = { status = "Accepted" } } })
matches(list(), { version = 500, entries = 1 })
http.post(path .. "/sync", {})
check(current(10).version > 500)
for _, payload in ipairs {
  { listVersion = 0, updateType = "Full" },
  { listVersion = 1000, updateType = "Full", localAuthorizationList = { { idTag = "A" } } },
  { listVersion = 1000, updateType = "Differential", localAuthorizationList = { { idTag = "A" }, { idTag = "a" } } },
} do
  equal(http.post(commands, { action = "SendLocalList", payload = payload }).status, 422)
end
equal(http.post(commands, { action = "GetLocalListVersion" }).body.response.listVersion, cp.local_list.version)

log "switched off: nothing of it stays"
http.put(path, { mode = "off" })
current(0)
sent = {}
seed.token "LL7"
wait(0.3)
equal(#sent, 0)

log "another operator's key sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('two', 'Two', '2026-01-01T00:00:00.000Z')"
local key = http.post("/api/admin/keys", { name = "two", role = "operator", operator_id = "two" }).body.key
equal(http { method = "GET", path = path, key = key }.status, 404)
equal(http { method = "PUT", path = path, body = { mode = "on" }, key = key }.status, 404)
equal(#http { method = "GET", path = "/api/admin/local-lists", key = key }.body.items, 0)
equal(#http.get("/api/admin/local-lists?state=current").body.items, 1)
equal(http.put(path, { mode = "maybe" }).status, 422)

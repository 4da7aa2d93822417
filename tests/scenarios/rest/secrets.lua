-- What a charger says of its password, and what it is told, is in the answer and in no table.
seed.charger "SEC1"
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=SEC1").body.items[1].id
local cp = charger { id = "SEC1" }
cp:connect()
cp:boot()
local function command(action, payload, key)
  return http.post(base .. "/commands", { action = action, payload = payload }, { headers = { ["Idempotency-Key"] = key } })
end
local function audit()
  local answer = http.get("/api/admin/audit?path=" .. base .. "/commands")
  for _, secret in ipairs { "swordfish-of-the-sea", "0123456789abcdef0123456789abcdef" } do
    check(not answer.text:find(secret, 1, true), answer.text)
  end
  return answer.body.items
end

log "what it says"
local function settings_of(value)
  return { configurationKey = {
    { key = "HeartbeatInterval", readonly = false, value = "300" }, { key = "authorizationkey", readonly = false, value = value },
  } }
end
local clear, hidden = settings_of "swordfish-of-the-sea", settings_of "***"
cp:on("GetConfiguration", clear)
matches(command("GetConfiguration", {}, "a"), { status = 200, body = { state = "accepted", response = clear } })
local again = command("GetConfiguration", {}, "a")
equal(again.headers["idempotent-replay"], "true")
matches(again.body, { state = "accepted", response = hidden })
check(not again.text:find("swordfish", 1, true), again.text)
matches(audit(), { { after = { state = "accepted", response = hidden } } })

log "what it is told"
cp:on("ChangeConfiguration", { status = "Rejected" })
local told = command("ChangeConfiguration", { key = "AuthorizationKey", value = "0123456789abcdef0123456789abcdef" }, "b")
matches(told, { status = 200, body = { state = "rejected" } })
cp:expect { action = "ChangeConfiguration", payload = { value = "0123456789abcdef0123456789abcdef" } }
matches(audit(), { { after = { state = "rejected", response = { status = "Rejected" } } } })

log "the rest stays as it is"
cp:on("GetConfiguration", { unknownKey = { "AuthorizationKey" } })
matches(command("GetConfiguration", { key = { "AuthorizationKey" } }, "c").body, { response = { unknownKey = { "AuthorizationKey" } } })
matches(audit()[1], { after = { response = { unknownKey = { "AuthorizationKey" } } } })

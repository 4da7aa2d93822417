-- Callers that are no API keys: whoever answers the question `caller` says who they are.
settings { config = { rest = { per_key = 200 } } }
server.reload { scripts = { { hook = "caller", order = 10, file = server.write_file("callers.lua", [[
local who = {
  boss = { kind = "jwt", name = "Boss", role = "admin", user_id = "u-boss", email = "boss@a.example", expires_at = "2099-01-01T00:00:00Z" },
  mine = { kind = "jwt", name = "Mine", role = "operator", operator_id = "default", user_id = "u-mine" },
  anna = { kind = "session", name = "Anna", role = "user", operator_id = "default", user_id = "anna" },
  nameless = { kind = "jwt", name = "svc", role = "readonly" },
  stale = { status = 401, detail = "the token has expired" },
  barred = { status = 403, detail = "this user is disabled" },
  bare = { kind = "jwt", name = "Bare", role = "operator" },
  bound = { kind = "jwt", name = "Bound", role = "admin", operator_id = "default" },
  nobody = { kind = "jwt", name = "Nobody", role = "user", operator_id = "default" },
  half = { kind = "jwt" },
  king = { kind = "jwt", name = "King", role = "king" },
  busy = { kind = "jwt", name = "Busy", role = "readonly", user_id = "u-busy" },
}
function caller(q)
  if q.authorization then
    if q.cookie or q.csrf then error("both") end
    return who[q.authorization:match "^[Bb]earer (.+)$"]
  end
  local name = q.cookie:match "who=(%w+)"
  if q.method ~= "GET" and q.csrf ~= "let me" then
    return { status = 403, detail = q.method .. " " .. q.path .. " from " .. q.remote .. " needs X-CSRF-Token" }
  end
  return who[name]
end
]]) } } }
local function as(method, path, key, body, headers)
  return http { method = method, path = path, key = key, body = body, headers = headers }
end

log "bearers that are no keys"
matches(as("GET", "/auth/profile", "boss").body, { kind = "jwt", name = "Boss", role = "admin", operator_id = json.null, user_id = "u-boss",
  email = "boss@a.example", expires_at = "2099-01-01T00:00:00Z" })
matches(as("GET", "/auth/profile", "mine").body, { role = "operator", operator_id = "default", user_id = "u-mine" })
matches(http.get("/auth/profile").body, { kind = "key", role = "admin", user_id = json.null })
equal(as("GET", "/api/admin/chargers", "mine").status, 200)
equal(as("GET", "/api/admin/keys", "mine").status, 403)
equal(as("GET", "/api/admin/chargers", "anna").status, 403)
equal(as("GET", "/users/anna/transactions", "anna").status, 200)
equal(as("GET", "/users/bert/transactions", "anna").status, 404)
equal(as("GET", "/users/bert/transactions", "mine").status, 200, "only drivers are bound to themselves")

log "refused, or known to nobody"
for key, status in pairs { stale = 401, barred = 403, unknown = 401, ["bb_boss"] = 401 } do
  local answer = as("GET", "/auth/profile", key)
  equal(answer.status, status, key)
  equal(answer.headers["content-type"], "application/problem+json")
end
matches(as("GET", "/auth/profile", "stale").body, { detail = "the token has expired" })
check(as("GET", "/auth/profile", "stale").headers["www-authenticate"]:find "^Bearer")
for _, key in ipairs { "bare", "bound", "nobody", "half", "king" } do
  equal(as("GET", "/auth/profile", key).status, 500, key .. " is more than anybody can have meant")
end

log "cookies"
local cookie = { Cookie = "a=b; who=anna" }
equal(as("GET", "/auth/profile", false, nil, cookie).body.kind, "session")
equal(as("GET", "/auth/profile", "boss", nil, cookie).body.name, "Boss", "a bearer decides alone")
equal(as("GET", "/auth/profile", "unknown", nil, cookie).status, 401)
equal(as("GET", "/auth/profile", false, nil, { Cookie = "a=b" }).status, 401)
local boss = { Cookie = "who=boss" }
local refused = as("POST", "/api/admin/tokens", false, { id_tag = "T1" }, boss)
equal(refused.status, 403)
equal(refused.body.detail, "POST /api/admin/tokens from 127.0.0.1 needs X-CSRF-Token")
boss["X-CSRF-Token"] = "let me"
equal(as("POST", "/api/admin/tokens", false, { id_tag = "T1" }, boss).status, 201)

log "audit and idempotency know them"
local function again(key, id)
  return as("POST", "/api/admin/tokens", key, { id_tag = id }, { ["Idempotency-Key"] = "1" })
end
equal(again("boss", "T2").status, 201)
local replay = again("boss", "T2")
equal(replay.status, 201)
equal(replay.headers["idempotent-replay"], "true")
equal(again("mine", "T3").status, 201, "another caller's key is another")
equal(again("boss", "T3").status, 422)
local entries = http.get("/api/admin/audit?path=/api/admin/tokens").body.items
matches(entries[1], { actor = "Mine", kind = "jwt", user_id = "u-mine", role = "operator", operator_id = "default" })
matches(entries[2], { actor = "Boss", kind = "jwt", user_id = "u-boss", role = "admin", operator_id = json.null })
equal(http.get("/api/admin/audit?actor=bootstrap").body.items[1].kind, json.null)

log "their requests are counted by caller"
local statuses = {}
for _ = 1, 220 do
  local answer = as("GET", "/auth/profile", "busy")
  statuses[answer.status] = (statuses[answer.status] or 0) + 1
end
check(statuses[200] >= 200 and statuses[429], show(statuses))
equal(as("GET", "/auth/profile", "nameless").status, 200)

-- Every route of /openapi.json, asked by everybody: who may not is told so, what belongs to others is not there, and it is as it
-- was afterwards. A route that is added is in it by itself.
settings { config = {
  users = { scrypt_log_n = 10 }, rest = { per_key = 0, per_address = 0 }, payments = { check_every = "1h" }, transfer = { allow = "127.0.0.1" },
} }
local routes = require "route_table".all()
local browser = require "signing_in".browser
local fill = require "route_table".fill
local ids = require "every_object"()
local PASSWORD = "correct horse battery"

-- Its figures are of all operators, and every reader here is one operator's.
for _, route in ipairs(routes) do
  if route.path == "/metrics" then
    route.roles.readonly = nil
  end
end

local function user(name, role, operator_id)
  local made = http.post("/api/admin/users", { id = name, name = name, role = role, operator_id = operator_id, email = name .. "@example.org", password = PASSWORD })
  equal(made.status, 201, made.text)
  return made.body
end

-- Callers ask by `ask(method, path, body)`: by an API key, or by a browser's cookies.
local function by_key(key)
  return function(method, path, body)
    return http { method = method, path = path, body = body, key = key, timeout = 20 }
  end
end

local function key_of(fields)
  fields.name = fields.name or fields.role
  local made = http.post("/api/admin/keys", fields)
  equal(made.status, 201, made.text)
  return made.body.key, made.body.id
end

local function signed_in(name)
  local b = browser()
  equal(b.login({ email = name .. "@example.org", password = PASSWORD }).status, 200)
  return b
end

log "a second operator, and callers of every kind"
server.sql "insert into operators (id, name, created_at) values ('other', 'Other', '2026-01-01T00:00:00.000Z');"
local anna = browser()
equal(anna.login({ email = "hidden@example.org", password = "HIDDEN password" }).status, 200)
ids["/auth/sessions/{id}"] = anna.call("GET", "/auth/sessions").body.items[1].id

local callers = {}
local function add(role, kind, ask, more)
  local caller = { role = role, kind = kind, ask = ask, name = role .. " by " .. kind }
  for k, v in pairs(more or {}) do
    caller[k] = v
  end
  callers[#callers + 1] = caller
end
for _, role in ipairs { "operator", "readonly", "user" } do
  add(role, "key", by_key((key_of { role = role, operator_id = "other", user_id = role == "user" and "other-user" or nil })))
  user("other-" .. role, role, "other")
  add(role, "cookie", signed_in("other-" .. role).call)
end
add("user", "key of the same operator", by_key((key_of { role = "user", operator_id = "default", user_id = "bert" })))
-- Such keys were made once, and stay.
local namesake, namesake_id = key_of { role = "user", operator_id = "other", user_id = "namesake" }
server.sql(("update api_keys set user_id = '%s' where id = '%s'"):format(ids["/users/{id}"], namesake_id))
add("user", "key of another operator's user of this name", by_key(namesake),
  { namesake = true })

-- Which of them may sign out or end sessions is told by users' stories; here it would end the caller.
local ENDS = { ["POST /auth/logout"] = true, ["DELETE /auth/sessions"] = true }
-- Names that each operator gives: asking for another's is asking for one's own.
-- (A wallet is not made, for want of a currency: of its user's name it would be one's own in all that follows.)
local OWN_NAMES = { "^/api/admin/notification%-gateways/", "^/api/admin/notification%-templates/", "^/api/admin/invoices/recipients" }
-- What operators and their readers know nothing of has an empty list here, and a driver 404.
local EMPTY = { ["GET /api/logs/{charge_point_id}"] = true, ["GET /users/{id}/invoices"] = true, ["GET /users/{id}/payments"] = true,
  ["GET /users/{id}/transactions"] = true }
-- Where the least that the schema takes is not enough.
local BODIES = {
  ["POST /api/admin/chargers/{id}/update-firmware"] = { location = "http://a.example/" },
  ["POST /api/admin/users"] = { name = "a", role = "user" },
}
for _, route in ipairs(routes) do
  route.body = BODIES[route.name] or route.body
end

local function is_own_name(route)
  for _, pattern in ipairs(OWN_NAMES) do
    if route.path:find(pattern) or route.name == "POST /api/admin/users/{id}/wallet" then
      return true
    end
  end
  return false
end

-- What the owner sees of all of it, but for what tells the time of asking.
local function timeless(text)
  for _, name in ipairs { "last_used_at", "last_seen", "schedule_start", "duration_s", "charging_s", "known_s", "occupied_s", "reserved_s", "session_s",
    "utilization", "offline_s", "faulted_s", "unavailable_s", "uptime" } do
    text = text:gsub('"' .. name .. '":%s*[^,}]*', "")
  end
  return text
end
local owner = by_key((key_of { role = "operator", operator_id = "default" }))
local function seen_by_owner()
  local seen = {}
  for _, route in ipairs(routes) do
    if route.method == "GET" and route.roles and route.roles.operator and not route.path:find "^/auth" and not route.is_endless then
      local answer = owner("GET", fill(route, ids))
      seen[route.path] = answer.status .. " " .. timeless(answer.text)
    end
  end
  return seen
end
local function settled()
  local now = seen_by_owner()
  local differing
  eventually(function()
    local next_ = seen_by_owner()
    differing = nil
    for path, text in pairs(next_) do
      if now[path] ~= text then differing = path end
    end
    now = next_
    return not differing
  end)
  return now
end

local failures = {}
local function wrong(caller, route, answer, expected)
  failures[#failures + 1] = ("%s, %s: %d in place of %s: %s"):format(caller.name, route.name, answer.status, expected, answer.text:sub(1, 200))
end

log "nobody, and who is not any more"
local expired_key = key_of { role = "admin", expires_at = "2020-01-01T00:00:00Z" }
local revoked_key, revoked_id = key_of { role = "admin" }
equal(http.delete("/api/admin/keys/" .. revoked_id).status, 204)
user("gone", "admin")
user("late", "admin")
local gone, late = signed_in "gone", signed_in "late"
local late_session = late.call("GET", "/auth/sessions").body.items[1].id
equal(gone.call("POST", "/auth/logout").status, 204)
server.sql("update user_sessions set expires_at = '2020-01-01T00:00:00.000Z' where id = '" .. late_session .. "'")
local before = settled()
local nobodies = {
  { name = "no key", ask = by_key(false) }, { name = "a wrong key", ask = by_key "bb_0123456789abcdef" }, { name = "no JWT", ask = by_key "a.b.c" },
  { name = "an expired key", ask = by_key(expired_key) }, { name = "a revoked key", ask = by_key(revoked_key) },
  { name = "a session that was ended", ask = gone.call }, { name = "an expired session", ask = late.call },
}
local asked = 0
for _, nobody in ipairs(nobodies) do
  for _, route in ipairs(routes) do
    if route.roles then
      local answer = nobody.ask(route.method, fill(route, ids), route.body)
      asked = asked + 1
      if answer.status ~= 401 or answer.headers["content-type"] ~= "application/problem+json" then
        wrong(nobody, route, answer, "401")
      end
    end
  end
end

log "who belongs to an operator that is disabled"
equal(http.post("/api/admin/operators", { id = "shut", name = "Shut" }).status, 201)
local shut = {}
for _, role in ipairs { "operator", "readonly", "user" } do
  user("shut-" .. role, role, "shut")
  shut[#shut + 1] = { name = role .. " of a disabled operator, by key",
    ask = by_key((key_of { role = role, operator_id = "shut", user_id = role == "user" and "shut-user" or nil })) }
  shut[#shut + 1] = { name = role .. " of a disabled operator, by cookie", ask = signed_in("shut-" .. role).call }
end
equal(http.put("/api/admin/operators/shut", { state = "disabled" }).status, 200)
for _, caller in ipairs(shut) do
  for _, route in ipairs(routes) do
    if route.roles then
      local answer = caller.ask(route.method, fill(route, ids), route.body)
      asked = asked + 1
      if answer.status ~= 403 or not answer.text:find("the operator shut is disabled", 1, true) then
        wrong(caller, route, answer, "403")
      end
    end
  end
end

log "another operator, and another user"
-- Of another's objects nothing is told; the names that were asked for may be in a refusal, in what has been made by them, and in
-- the audit of who asked.
local function is_leak(caller, route, answer)
  if answer.text:lower():find("hidden", 1, true) then
    return true
  end
  local may_name = answer.status >= 300 or caller.namesake or is_own_name(route) or route.path == "/api/admin/audit"
  return not may_name and answer.text:find("ASKED", 1, true)
end

local function expect(caller, route, answer)
  if not route.roles[caller.role] then
    return answer.status == 403, "403: not of this role"
  elseif route.path:find "^/auth/" then
    return answer.status < 500 and answer.status ~= 401, "the caller's own account"
  elseif EMPTY[route.name] and caller.role ~= "user" then
    return answer.status == 200 and #answer.body.items == 0, "an empty list"
  elseif route.has_names and not is_own_name(route) and not caller.namesake then
    return answer.status == 404, "404"
  end
  return answer.status < 500 and answer.status ~= 401 and answer.status ~= 403, "leave to ask"
end

-- An event stream answers whom it lets in without end: what it tells them is asked by events' stories.
local function is_left_out(caller, route)
  return ENDS[route.name] or route.is_endless and route.roles[caller.role]
end

for _, caller in ipairs(callers) do
  for _, route in ipairs(routes) do
    if route.roles and not is_left_out(caller, route) then
      local answer = caller.ask(route.method, fill(route, ids), route.body)
      asked = asked + 1
      local good, expected = expect(caller, route, answer)
      if not good then
        wrong(caller, route, answer, expected)
      elseif is_leak(caller, route, answer) then
        wrong(caller, route, answer, "nothing of another's")
      end
    end
  end
end

log "a stolen cookie without its second token"
local thief = browser()
user("boss", "admin")
thief.cookie = signed_in("boss").cookie
for _, route in ipairs(routes) do
  if route.roles and route.method ~= "GET" then
    local answer = thief.call(route.method, fill(route, ids), route.body)
    asked = asked + 1
    if answer.status ~= 403 then
      wrong({ name = "a thief" }, route, answer, "403")
    end
  end
end

log "as it was"
local after = settled()
for path, text in pairs(before) do
  if after[path] ~= text then
    failures[#failures + 1] = path .. " has changed\n  from " .. text:sub(1, 600) .. "\n  to   " .. after[path]:sub(1, 600)
  end
end

log "who may, may"
local may = { admin = by_key((key_of { role = "admin" })), operator = owner, readonly = by_key((key_of { role = "readonly", operator_id = "default" })),
  user = by_key((key_of { role = "user", operator_id = "default", user_id = ids["/users/{id}"] })) }
for role, ask in pairs(may) do
  for _, route in ipairs(routes) do
    if route.method == "GET" and route.roles and route.roles[role] and not route.path:find "^/auth/[^p]" and not route.is_endless then
      local answer = ask("GET", fill(route, ids))
      asked = asked + 1
      if answer.status ~= 200 then
        wrong({ name = "the owner's " .. role }, route, answer, "200")
      end
    end
  end
end
log("%d routes, %d requests", #routes, asked)
check(#failures == 0, "\n" .. table.concat(failures, "\n"))

-- An operator's own service decides: asked in time and signed, believed if it answers as it should, cached if it says so, and
-- left alone while it is dead.
settings { config = {
  authorization = { service_pause = "1s" },
  transfer = { allow = "127.0.0.1" },
  ocpp16_local_auth = { lists = "on", check_every = "50ms" },
} }

local answers, slow = {}, 0
local stand_in = http_server {
  answer = function(request)
    if slow > 0 then
      wait(slow)
    end
    local answer = answers[request.json.id_tag]
    if type(answer) == "function" then
      answer = answer(request.json)
    end
    return answer or { body = { status = "Invalid" } }
  end,
}
local function says(id_tag, body)
  answers[id_tag] = { body = body }
end
local settings_path = "/api/admin/operators/default/authorization"
local function settle(body)
  local answer = http.put(settings_path, body)
  equal(answer.status, 200, answer.text)
  return answer.body
end
local function state()
  return http.get(settings_path).body.service_state
end
local function asked(id_tag)
  local n = 0
  for _, request in ipairs(stand_in.requests) do
    n = n + (request.json.id_tag == id_tag and 1 or 0)
  end
  return n
end

local station = http.post("/api/admin/stations", { name = "Depot" }).body.id
seed.charger { charge_point_id = "CP1", station_id = station }
seed.charger "CP2"
local cp, other = charger { id = "CP1", connectors = 2 }, charger { id = "CP2" }
for _, c in ipairs { cp, other } do
  c:connect()
  c:boot()
end
local function told(id_tag, status)
  equal(cp:authorize(id_tag).status, status, id_tag)
end

log "what is no service"
for _, bad in ipairs {
  { service_url = "ftp://127.0.0.1/x" }, { service_url = "https://user:secret@127.0.0.1/x" }, { service_timeout_ms = 10 },
  { service_timeout_ms = 8001 }, { service_secret = "short" }, { service_fallback = "maybe" }, { service_tokens = "none" },
} do
  local answer = http.put(settings_path, bad)
  equal(answer.status, 422, show(bad))
  check(#answer.body.errors > 0)
end
settle { unknown = "ask" }
told("NOBODY", "Invalid")

log "asked about tokens that nobody registered, with what it needs, signed"
local SECRET = "a secret that only two know"
local shown = settle { service_url = stand_in.url .. "/decide", service_secret = SECRET }
matches(shown, {
  unknown = "ask", has_service_secret = true, service_timeout_ms = 2000, service_fallback = "deny", service_tokens = "unknown",
  service_lists = false, service_state = { state = "closed", failures = 0, error = json.null },
})
check(not http.get(settings_path).text:find(SECRET, 1, true))
check(not http.get("/api/admin/audit").text:find(SECRET, 1, true))
says("ROAM", { status = "Accepted", parent_id_tag = "PARTNER", expiry_date = "2099-01-01T00:00:00Z", user_id = "bert", more = true })
matches(cp:authorize "ROAM", { status = "Accepted", parentIdTag = "PARTNER", expiryDate = "2099-01-01T00:00:00Z" })
local request = stand_in.requests[1]
equal(request.method .. " " .. request.path, "POST /decide")
matches(request.json, {
  id_tag = "ROAM", purpose = "authorize", charge_point_id = "CP1", operator_id = "default", station_id = station, registered = false,
})
local at = request.headers["busbar-timestamp"]
check(math.abs(tonumber(at) - os.time()) < 60)
local function hmac(key, text)
  key = key .. ("\0"):rep(64 - #key)
  local function xored(byte)
    return (key:gsub(".", function(c) return string.char(c:byte() ~ byte) end))
  end
  return crypto.sha256(xored(0x5c) .. crypto.unhex(crypto.sha256(xored(0x36) .. text)))
end
equal(request.headers["busbar-signature"], "sha256=" .. hmac(SECRET, at .. "." .. request.body))
told("STRANGER", "Invalid")
says("THIEF", { status = "Blocked" })
told("THIEF", "Blocked")
local session = cp:start { connector = 1, id_tag = "ROAM" }
equal(session.status, "Accepted")
session:stop {}
matches(http.get("/api/admin/transactions?id_tag=ROAM").body.items[1], { user_id = "bert", parent_id_tag = "PARTNER" })

log "a limit that it tells is counted"
says("TWICE", { status = "Accepted", max_active = 1 })
session = cp:start { connector = 1, id_tag = "TWICE" }
equal(session.status, "Accepted")
equal(other:start({ connector = 1, id_tag = "TWICE" }).status, "ConcurrentTx")
session:stop {}

log "registered tokens are its business only if it is to decide about all; what is blocked stays so, unasked"
seed.token { id_tag = "KNOWN", user_id = "anna", parent_id_tag = "FAMILY" }
seed.token { id_tag = "BANNED", status = "blocked" }
says("KNOWN", { status = "Blocked" })
told("KNOWN", "Accepted")
equal(asked "KNOWN", 0)
settle { service_tokens = "all" }
told("KNOWN", "Blocked")
says("KNOWN", { status = "Accepted" })
matches(cp:authorize "KNOWN", { status = "Accepted", parentIdTag = "FAMILY" })
equal(stand_in.requests[#stand_in.requests].json.registered, true)
told("BANNED", "Blocked")
equal(asked "BANNED", 0)
http.put("/api/admin/stations/" .. station .. "/tokens/KNOWN", { rule = "deny" })
local before = asked "KNOWN"
told("KNOWN", "Blocked")
equal(asked "KNOWN", before)
http.delete("/api/admin/stations/" .. station .. "/tokens/KNOWN")

log "an answer holds as long as it says"
says("OFTEN", { status = "Accepted", cache_s = 3600, user_id = "carl", max_active = 1 })
for _ = 1, 3 do
  told("OFTEN", "Accepted")
  eventually(function() return #http.get(settings_path .. "/answers").body.items == 1 end)
end
equal(asked "OFTEN", 1)
matches(http.get(settings_path .. "/answers?id_tag=often").body.items[1], { id_tag = "OFTEN", status = "Accepted", user_id = "carl", max_active = 1 })
session = other:start { connector = 1, id_tag = "often" }
equal(session.status, "Accepted")
equal(cp:start({ connector = 2, id_tag = "OFTEN" }).status, "ConcurrentTx")
session:stop {}
equal(asked "OFTEN", 1)
says("SHORT", { status = "Accepted", cache_s = 1 })
told("SHORT", "Accepted")
check(eventually(function()
  cp:authorize "SHORT"
  return asked "SHORT" == 2
end, 10))
seed.token { id_tag = "OFTEN", status = "expired" }
told("OFTEN", "Expired")
equal(http.delete("/api/admin/tokens/OFTEN").status, 204)
told("OFTEN", "Accepted")
equal(asked "OFTEN", 2)

log "forgotten when an admin says so; chargers forget as well if that is wanted"
local function holds(id_tag)
  check(eventually(function() return #http.get(settings_path .. "/answers?id_tag=" .. id_tag).body.items == 1 end))
end
holds "OFTEN"
local function or_short(n)
  return n == 1 or n == 2 -- the one that holds for a second may be there
end
matches(http.post(settings_path .. "/clear-cache", {}), { status = 200, body = { forgotten = or_short, bulk_command = json.null } })
told("OFTEN", "Accepted")
equal(asked "OFTEN", 3)
holds "OFTEN"
cp.cache["anything"] = { status = "Accepted" }
local cleared = http.post(settings_path .. "/clear-cache", { chargers = { all = true } })
matches(cleared, { status = 200, body = { forgotten = 1, bulk_command = function(id) return #id == 26 end } })
check(eventually(function()
  local bulk = http.get("/api/admin/bulk-commands/" .. cleared.body.bulk_command).body
  return bulk.state == "done" and bulk.action == "ClearCache" and bulk.counts.accepted == 2
end, 15))
equal(next(cp.cache), nil)
equal(http.post("/api/admin/operators/nobody/authorization/clear-cache", {}).status, 404)
equal(http.post(settings_path .. "/clear-cache", { chargers = { some = 1 } }).status, 422)

log "and goes into local lists if that is wanted"
settle { service_lists = true, service_tokens = "unknown" }
told("OFTEN", "Accepted")
says("LOST", { status = "Blocked", cache_s = 3600 })
told("LOST", "Blocked")
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=CP2").body.items[1].id .. "/local-list"
check(eventually(function()
  local found = {}
  for _, item in ipairs(http.get(path .. "/entries").body.items) do
    found[item.id_tag] = item.id_tag_info.status
    if item.id_tag == "OFTEN" then
      check(item.id_tag_info.expiryDate)
    end
  end
  return found.OFTEN == "Accepted" and found.LOST == "Blocked" and found.KNOWN == "Accepted" and not found.SHORT
end, 15))

log "what it must not answer"
settle { service_lists = false }
for name, answer in pairs {
  wrong = { body = { status = "Perhaps" } },
  empty = {},
  text = { body = "Accepted" },
  list = { body = "[]" },
  long = { body = { status = "Accepted", parent_id_tag = ("x"):rep(21) } },
  huge = { body = { status = "Accepted", text = ("x"):rep(70000) } },
  error = { status = 500, body = { status = "Accepted" } },
  moved = { status = 302, headers = { Location = stand_in.url } },
} do
  answers.BAD = answer
  told("BAD", "Invalid")
  local s = state()
  check(s.failures == 1 and s.error ~= json.null, name .. ": " .. show(s))
  told("ROAM", "Accepted")
  equal(state().failures, 0)
end
answers.BAD = function() return false end

log "too slow, and its fallbacks"
settle { service_timeout_ms = 300, service_tokens = "all" }
slow = 2
local function falls_back(to, unknown, known)
  settle { service_fallback = to }
  told("ROAM", unknown)
  told("KNOWN", known)
end
falls_back("deny", "Invalid", "Invalid")
falls_back("local", "Invalid", "Accepted")
falls_back("accept", "Accepted", "Accepted")
settle { service_fallback = "deny" }

log "a dead one costs three starts their wait, and no more"
slow = 0
stand_in:close()
slow = 5
for _ = 1, 3 do
  told("ROAM", "Invalid")
end
matches(state(), { state = "open", failures = 3, error = function(e) return #e > 0 end })
local began = os.time()
for _ = 1, 20 do
  told("ROAM", "Invalid")
end
check(os.time() - began <= 2)
equal(state().failures, 3)
slow = 0
stand_in = http_server { port = stand_in.port, answer = stand_in.answer }
log "it is tried again after a while, and works"
check(eventually(function()
  return cp:authorize("ROAM").status == "Accepted"
end, 15))
matches(state(), { state = "closed", failures = 0 })

log "other operators' addresses"
settle { service_url = "http://10.255.255.1/" }
told("ROAM", "Invalid")
check(state().error:find "public" or state().error:find "list", state().error)
settle { service_url = json.null }
told("ROAM", "Invalid")
matches(state(), { state = "closed", failures = 0, error = json.null })

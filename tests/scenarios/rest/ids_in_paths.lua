-- Ids that a path cannot carry, since it is decoded before it is split: "{id}" stands for them, and they are behind the "?".
local function escaped(text)
  return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function path(id, name)
  return ("/api/admin/tokens/{%s}?%s=%s"):format(name or "id", name or "id", escaped(id))
end

local function made(id)
  local answer = http.post("/api/admin/tokens", { id_tag = id })
  equal(answer.status, 201, id)
  return answer.headers.location
end

log "what is made is read, changed and removed where Location says"
local near = {}
for _, id in ipairs { "tag", "a", "x", "1", "" } do
  near[#near + 1] = id ~= "" and made(id) or nil
end
for _, id in ipairs { "A tag/1?", "/a", "a/", "a//x", "a/../x", "../x", "..", ".", "..?", "%2F", "%252F", "{id}", "e+ u&=;" } do
  local location = made(id)
  matches(http.get(location), { status = 200, body = { id_tag = id } })
  matches(http.put(location, { note = "seen" }), { status = 200, body = { id_tag = id, note = "seen" } })
  matches(http.get(path(id)), { status = 200, body = { id_tag = id, note = "seen" } })
  matches(http.get(path(id, "any_name")), { status = 200, body = { id_tag = id } })
  equal(http.delete(location).status, 204)
  equal(http.get(path(id)).status, 404)
end
for _, location in ipairs(near) do
  matches(http.get(location), { status = 200, body = { note = json.null } })
end

made "p q"
equal(http.get("/api/admin/tokens/p+q").body.id_tag, "p q")
equal(http.get("/api/admin/tokens/p%2Bq").status, 404)
equal(http.get("/api/admin/tokens/%252E").status, 404, "decoded once")
equal(http.delete("/api/admin/tokens/p+q").status, 204)

log "the audit names the one that was meant"
local row = http.get("/api/admin/audit?limit=3").body.items[3]
matches(row, { method = "DELETE", path = "/api/admin/tokens/e+ u&=;" })

log "what stands for nothing is refused, or an id of its own"
for query, detail in pairs {
  ["?id="] = "{id} stands for the parameter of that name, which comes once and is not empty",
  ["?id"] = "not empty",
  ["?id=a&id=x"] = "comes once",
  ["?ix=a"] = 'no parameter "ix" here',
  ["?id=a&limit=1"] = 'no parameter "limit" here',
} do
  local answer = http.delete("/api/admin/tokens/{id}" .. query)
  equal(answer.status, 400, query)
  check(answer.body.detail:find(detail, 1, true), query .. ": " .. answer.body.detail)
end
equal(http.get("/api/admin/tokens/{id}?id=%ff").status, 400)
equal(http.delete("/api/admin/tokens/{id}").status, 404)
equal(http.delete("/api/admin/tokens/{id?id=a").status, 400)
equal(http.get("/api/admin/{id}/a?id=tokens").status, 404)
equal(http.get("/api/admin/tokens?id=a").status, 400)
for _, location in ipairs(near) do
  equal(http.get(location).status, 200)
end

log "who may not, may not"
local viewer = http.post("/api/admin/keys", { name = "viewer", role = "readonly" }).body.key
equal(http.delete(path "a", nil, { key = viewer }).status, 403)
equal(http.delete(path "a", nil, { key = false }).status, 401)
equal(http.get(path "a", nil, { key = viewer }).status, 200)

log "a POST under one Idempotency-Key is of one id"
local function queued(id)
  return http.post("/api/admin/chargers/{id}/commands?id=" .. id, { action = "ClearCache", if_offline = "queue", wait_s = 0 }, { headers = { ["Idempotency-Key"] = "one" } })
end
seed.charger "CP1"
seed.charger "CP2"
equal(queued(1).status, 202)
equal(queued(1).headers["idempotent-replay"], "true")
equal(queued(2).status, 422)

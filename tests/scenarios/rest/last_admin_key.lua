-- Somebody always keeps the power to make keys; what has expired has none.
local KEYS = "/api/admin/keys"
local PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
local boss -- whose key asks; nil: the first one's
local function admin(expires_at)
  local made = http.post(KEYS, { name = "admin", role = "admin", expires_at = expires_at }, { key = boss })
  equal(made.status, 201, made.text)
  return made.body
end
local function delete_itself(key)
  return http.delete(KEYS .. "/" .. key.id, nil, { key = key.key }).status
end

log "an expired one is no other one, and goes itself"
local expired = admin(PAST)
equal(http.delete(KEYS .. "/bootstrap").status, 409)
equal(http.delete(KEYS .. "/" .. expired.id).status, 204)
equal(http.delete(KEYS .. "/bootstrap").status, 409)

log "one that will expire is, until then"
local other = admin(FUTURE)
equal(http.delete(KEYS .. "/bootstrap").status, 204)
equal(delete_itself(other), 409)
boss = other.key

log "of many that are removed at the same time, one stays"
for _ = 1, 5 do
  local keys, ends, jobs = { other }, {}, {}
  for i = 2, 4 do
    keys[i] = admin(FUTURE)
  end
  for i, key in ipairs(keys) do
    jobs[i] = function()
      ends[i] = delete_itself(key)
    end
  end
  parallel(table.unpack(jobs))
  local stayed
  for i, status in ipairs(ends) do
    if status == 409 then
      check(not stayed, "two were refused: " .. show(ends))
      stayed = keys[i]
    else
      equal(status, 204)
    end
  end
  check(stayed, "none was refused")
  other, boss = stayed, stayed.key
  equal(#http.get(KEYS .. "?role=admin", nil, { key = boss }).body.items, 1)
end

log "when all have expired, the first one is made anew"
equal(http.post("/api/admin/bootstrap", nil, { key = false }).status, 409)
server.sql("update api_keys set expires_at = '2020-01-01T00:00:00.000Z'")
local answer = http.post("/api/admin/bootstrap", nil, { key = false })
equal(answer.status, 201, answer.text)
equal(http.post("/api/admin/bootstrap", nil, { key = false }).status, 409)
equal(http.get(KEYS, nil, { key = answer.body.key }).status, 200)

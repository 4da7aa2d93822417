-- Whoever may call no more while an export goes on gets no further page, and sees that it is not whole.
settings { config = { users = { scrypt_log_n = 10 } } }
local exports = require "exports"
exports.fill()

local function key_of(name)
  local made = http.post("/api/admin/keys", { name = name, role = "readonly" })
  equal(made.status, 201)
  return made.body.key, made.body.id
end

log "as long as the key is there, all of it"
local key, id = key_of "kept"
local text, whole = exports.during(key, function() end)
check(whole)
equal(exports.rows(text), 100001)

log "the key is deleted meanwhile"
text, whole = exports.during(key, function()
  equal(http.delete("/api/admin/keys/" .. id).status, 204)
end)
check(not whole, "it ended as if it were whole")
check(exports.rows(text) < 100001, exports.rows(text))
equal(http.get("/api/admin/tokens", nil, { key = key }).status, 401)
equal(http.get("/health").status, 200)

log "another's key does not matter"
local other = key_of "other"
local _, gone = key_of "gone"
text, whole = exports.during(other, function()
  equal(http.delete("/api/admin/keys/" .. gone).status, 204)
end)
check(whole)
equal(exports.rows(text), 100001)

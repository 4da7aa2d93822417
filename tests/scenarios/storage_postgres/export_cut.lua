-- An export whose database goes away ends visibly broken: without the last chunk.
settings { own_cluster = true }
local exports = require "exports"
exports.fill()
local key = http.post("/api/admin/keys", { name = "reader", role = "readonly" }).body.key

local text, whole = exports.during(key, function()
  server.database.stop()
end)
check(not whole, "it ended as if it were whole")
check(exports.rows(text) < 100001, exports.rows(text))

server.database.start()
eventually(function()
  return http.get("/health", nil, { key = false }).status == 200
end, 30)
text, whole = exports.during(key, function() end)
check(whole)
equal(exports.rows(text), 100001)

-- Every route of /openapi.json, asked with what is hostile in every place that a caller may fill: path, query, headers, body. It is told
-- what is wrong and where, nothing of the server's inside, and nothing has changed. A route that is added is in it by itself.
settings { config = { rest = { per_key = 0, per_address = 0 } } }
local routes = require "route_table".all()
local spec = http.get("/openapi.json", nil, { key = false }).body
local failures, asked, statuses = {}, 0, {}

-- What nobody must be shown: pieces of the server's queries, of its files, of its making.
local INSIDE = { "syntax error", "sqlite", "pgsql", "postgres", "select ", "insert into", "delete from", " where ", "constraint", "stack",
  "/root/", "/usr/", "/tmp/", "%.c:%d", "%.sql", "%.lua:%d", "root:x:0" }

local function fail(what, answer, why)
  failures[#failures + 1] = ("%s: %s: %s %s"):format(what, why, answer.status, answer.text:sub(1, 200))
end

-- A refusal is a problem document; it may repeat what was sent, and so that is left out of the search.
local function look(what, answer, sent)
  asked = asked + 1
  statuses[answer.status] = (statuses[answer.status] or 0) + 1
  if answer.status >= 500 then
    return fail(what, answer, "it fails")
  end
  if answer.status < 400 then
    return
  end
  if answer.headers["content-type"] ~= "application/problem+json" or answer.body.status ~= answer.status or #(answer.body.detail or "") == 0 then
    return fail(what, answer, "no problem document")
  end
  local told = answer.text:lower()
  if sent then
    local at, to = told:find(json.encode(sent):sub(2, -2):lower(), 1, true)
    told = at and told:sub(1, at - 1) .. told:sub(to + 1) or told
  end
  for _, inside in ipairs(INSIDE) do
    if told:find(inside) then
      return fail(what, answer, "it shows " .. inside)
    end
  end
end

local HOSTILE = { "' or '1'='1", "1; drop table operators; --", "\"; delete from tokens; --", "' union select secret from api_keys --", "$1", ":id", "?", "{{id}}",
  "%_", "\\", "../../etc/passwd", "..\\..\\x", "%2e%2e%2f", "a\tb", "x\u{7f}y", "<script>alert(1)</script>", "${jndi:ldap://x}", "-1", "-0", "1e400", "0x10",
  "9223372036854775807", "9223372036854775808", "-9223372036854775809", ("9"):rep(40), "1.5", "NaN", "null", "true", "[]", "\u{202e}", "\u{fffd}\u{1f50c}",
  ("a"):rep(2000) }
local BROKEN = { "%ff", "%c0%ae%c0%ae", "%ed%a0%80", "%0d%0aSet-Cookie:%20a=b" }

-- Of those in HOSTILE each place gets what is SQL, and of the rest some in turn.
local SQL, SOME = 7, 5
local turn = 0
local function for_one_place()
  local list = table.move(HOSTILE, 1, SQL, 1, {})
  for _ = 1, SOME do
    list[#list + 1] = HOSTILE[SQL + 1 + turn % (#HOSTILE - SQL)]
    turn = turn + 1
  end
  return list
end

local function tables()
  local list = {}
  for _, path in ipairs { "tokens", "chargers", "stations", "operators", "users", "keys", "wallets", "tariffs", "subscriptions", "scripts", "transactions" } do
    list[#list + 1] = path .. "=" .. #http.get("/api/admin/" .. path .. "?limit=500").body.items
  end
  return table.concat(list, " ")
end

seed.charger "HOSTILE"
equal(http.post("/api/admin/tokens", { id_tag = "HOSTILE" }).status, 201)
local before = tables()

log "in the query of every list and every object"
for _, route in ipairs(routes) do
  local operation = spec.paths[route.path][route.method:lower()]
  if route.method == "GET" and not route.is_endless then
    for _, parameter in ipairs(operation.parameters or {}) do
      if parameter["in"] == "query" then
        local path = route.path:gsub("{.-}", "1")
        for _, value in ipairs(for_one_place()) do
          local answer = http.get(path .. "?" .. parameter.name .. "=" .. escape(value))
          look(route.name .. " " .. parameter.name .. "=" .. value, answer, value)
        end
        for _, value in ipairs(BROKEN) do
          local answer = http.get(path .. "?" .. parameter.name .. "=" .. value)
          look(route.name .. " " .. parameter.name .. "=" .. value, answer)
          if answer.status < 400 or answer.status >= 500 or answer.headers["set-cookie"] then
            fail(route.name .. " " .. parameter.name .. "=" .. value, answer, "it is taken")
          end
        end
      end
    end
  end
end

log "in the path of every object"
for _, route in ipairs(routes) do
  if route.has_names and not route.is_endless then
    for _, value in ipairs(for_one_place()) do
      local path = route.path:gsub("{.-}", (escape(value):gsub("%%", "%%%%")))
      look(route.name .. " " .. value, http { method = route.method, path = path, body = route.method ~= "GET" and "{" or nil }, value)
    end
    for _, value in ipairs(BROKEN) do
      local path = route.path:gsub("{.-}", (value:gsub("%%", "%%%%")))
      local answer = http { method = route.method, path = path, body = route.method ~= "GET" and "{" or nil }
      look(route.name .. " " .. value, answer)
      if answer.status < 400 then
        fail(route.name .. " " .. value, answer, "it is taken")
      end
    end
  end
end

log "in the body of every change"
local deep = ("["):rep(5000) .. ("]"):rep(5000)
local BODIES = {
  "{", "{}{}", "{} x", "nul", "\xef\xbb\xbf{}", '{"a":1,"a":2}', '{"a":"\xff"}', '{"a":"\\ud800"}', '{"a":"\\udc00\\ud800"}', '{"a":1e400}', '{"a":-1e400}',
  '{"a":' .. ("9"):rep(400) .. "}", '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":NaN}', "{'a':1}", '{"a":"\n"}', '{"a":1,}', '{"a":"\\u0000"}', deep, '{"a":' .. deep .. "}",
  ('{"a":'):rep(3000) .. "1" .. ("}"):rep(3000), "\0", '{"a\\u0000b":1}', "[]", "7", '"text"', "null", "true",
}
for _, route in ipairs(routes) do
  local operation = spec.paths[route.path][route.method:lower()]
  local content = operation.requestBody and operation.requestBody.content
  if content and content["application/json"] then
    local path = route.path:gsub("{.-}", "999999")
    for _, body in ipairs(BODIES) do
      local answer = http { method = route.method, path = path, body = body, headers = { ["Content-Type"] = "application/json" } }
      look(route.name .. " " .. body:sub(1, 40), answer)
      if answer.status < 400 then
        fail(route.name .. " " .. body:sub(1, 40), answer, "it is taken")
      end
    end
  end
end

log "as it was"
equal(tables(), before)
equal(http.get("/health").status, 200)
log("%d routes, %d requests", #routes, asked)
for status, count in pairs(statuses) do
  log("%d: %d", status, count)
end
check(statuses[400] and statuses[404] and statuses[422], "they get as far as the routes")
check(#failures == 0, "\n" .. table.concat(failures, "\n", 1, math.min(#failures, 40)) .. "\n" .. #failures)

-- Every query parameter that /openapi.json has, with values that are wrong for it: 400, with its name and what would be right; and
-- with each of the words that it lists.
settings { config = { rest = { per_key = 0, per_address = 0 } } }
local doc = http.get("/openapi.json", nil, { key = false }).body
local failures, asked = {}, 0

local function fail(...)
  failures[#failures + 1] = string.format(...)
end

local function ask(method, path, query)
  asked = asked + 1
  local url = path:gsub("{[%w_]+}", "1") .. "?" .. query
  if method == "get" then
    return http.get(url)
  end
  return http[method](url, {})
end

local function refused(method, path, query, name, words)
  local answer = ask(method, path, query)
  local b = answer.body
  local place = ("%s %s?%s"):format(method, path, query)
  if answer.status ~= 400 or answer.headers["content-type"] ~= "application/problem+json" then
    return fail("%s: %d %s", place, answer.status, answer.text:sub(1, 160))
  end
  if not b.detail:find(name, 1, true) or not b.errors or b.errors[1].path ~= name then
    fail("%s does not name it: %s", place, answer.text)
  end
  for _, word in ipairs(words) do
    if not b.detail:find(word, 1, true) then
      fail("%s does not say %s: %s", place, word, b.detail)
    end
  end
  return b
end

-- Values that break the schema, each with what must be told of the right ones.
local function wrong_values(schema)
  local list = {}
  local function add(value, ...)
    list[#list + 1] = { value, { ... } }
  end
  if schema.enum then
    add("nonsense", table.unpack(schema.enum))
  elseif schema.type == "integer" then
    for _, value in ipairs { "abc", "", "1e2", "99999999999999999999" } do
      add(value, "integer")
    end
    if schema.minimum then
      add(tostring(schema.minimum - 1), schema.minimum)
    end
    if schema.maximum then
      add(tostring(schema.maximum + 1), schema.maximum)
    end
  elseif schema.type == "boolean" then
    for _, value in ipairs { "1", "TRUE" } do
      add(value, "true", "false")
    end
  elseif schema.format == "date-time" then
    for _, value in ipairs { "yesterday", "2026-13-01T00:00:00Z", "2026-11-27T08:00:00" } do
      add(value, "like 2026-12-24T18:00:00Z")
    end
    add("2026-11-27T08:00:00+01:00", "%2B")
  elseif schema.format == "time-zone" then
    add("Mars/Base", "like Europe/Berlin")
  elseif schema.format == "month" then
    for _, value in ipairs { "2026", "2026-13", "2026-1", "november" } do
      add(value, "like 2026-11")
    end
  end
  return list
end

local function check_parameter(method, path, p)
  local schema, place = p.schema, method .. " " .. path .. ": " .. p.name
  if not p.description then
    fail("%s has no description", place)
  end
  for _, value in ipairs(wrong_values(schema)) do
    local b = refused(method, path, p.name .. "=" .. value[1], p.name, value[2])
    if b and not (b.errors and b.errors[1].path == p.name and #b.errors == 1) then
      fail("%s: errors are %s", place, show(b.errors))
    end
  end
  refused(method, path, ("%s=%s&%s=%s"):format(p.name, "1", p.name, "2"), p.name, { "twice" })
  for _, word in ipairs(method == "get" and schema.enum or {}) do
    local answer = ask(method, path, p.name .. "=" .. word)
    if answer.status == 400 or answer.status >= 500 then
      fail("%s=%s: %s", place, word, answer.text:sub(1, 160))
    end
  end
end

local counts = { lists = 0, parameters = 0, enums = 0 }
for path, methods in pairs(doc.paths) do
  for method, operation in pairs(methods) do
    local names = {}
    for _, p in ipairs(operation.parameters or {}) do
      if p["in"] == "query" then
        names[p.name] = true
        counts.parameters = counts.parameters + 1
        counts.enums = counts.enums + (p.schema.enum and 1 or 0)
        check_parameter(method, path, p)
      end
    end
    if names.cursor then
      counts.lists = counts.lists + 1
      check(names.limit, path .. " has pages without a limit")
      refused(method, path, "limit=0&format=xml", "limit", { "1 to 500" })
      -- A key has no sessions, and is told so first.
      for _, value in ipairs(path ~= "/auth/sessions" and { "", "%07", "%7F" } or {}) do
        refused(method, path, "cursor=" .. value, "cursor", { "no next_cursor of this list" })
      end
    end
  end
end
check(counts.lists > 60 and counts.parameters > 250 and counts.enums > 90, show(counts))
log("%d requests, %d lists, %d parameters", asked, counts.lists, counts.parameters)

log "the whole answer: every parameter that is wrong is in it"
local answer = http.get "/api/admin/transactions?state=foo&from=yesterday&limit=abc"
equal(answer.status, 400)
equal(answer.body.detail, "the query parameter limit is not an integer from 1 to 500")
equal(#answer.body.errors, 3)
matches(answer.body.errors, {
  { path = "limit", rule = "is not an integer from 1 to 500" },
  { path = "state", rule = "is not one of active, pending_reconciliation, completed" },
  { path = "from", rule = "is not an RFC 3339 date-time with a zone, like 2026-12-24T18:00:00Z" },
})
local unknown = http.get "/api/admin/tasks?sate=dead"
equal(unknown.body.detail, 'there is no parameter "sate" here; known are: limit, cursor, state, name, format')
equal(unknown.body.errors, { { path = "sate", rule = 'there is no parameter "sate" here' } })

local long = http.get("/api/admin/tasks?x" .. ("%C3%A9"):rep(40) .. "=1")
equal(long.body.detail:match '"(.-)"', "x" .. ("é"):rep(31), "cut behind a character")

log "cursors that these lists cannot have given"
for path, values in pairs {
  ["/api/admin/keys"] = { "!!", "1", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVV", "01arz3ndektsv4rrffq69g5fav" },
  ["/api/admin/tasks"] = { "abc" }, ["/api/admin/users"] = { "%21%21", "a%20b" }, ["/api/admin/invoices"] = { "17" },
  ["/api/admin/notification-templates"] = { "german" },
} do
  for _, value in ipairs(values) do
    refused("get", path, "cursor=" .. value, "cursor", { "no next_cursor of this list" })
  end
end
equal(http.get("/api/admin/keys?cursor=01ARZ3NDEKTSV4RRFFQ69G5FAV").status, 200)

equal(table.concat(failures, "\n"), "")

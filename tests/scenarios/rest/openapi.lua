-- The description is whole: every reference leads somewhere, every route says who may.
local route_table = require "route_table"
local answer = http.get("/openapi.json", nil, { key = false })
equal(answer.status, 200)
local spec = answer.body
matches(spec, { openapi = "3.1.0", info = { title = "Busbar" }, components = { securitySchemes = { key = { scheme = "bearer" } } } })
matches(spec.components.securitySchemes, {
  jwt = { type = "http", scheme = "bearer", bearerFormat = "JWT" },
  session = { type = "apiKey", ["in"] = "cookie", name = "__Host-busbar" },
  csrf = { type = "apiKey", ["in"] = "header", name = "X-CSRF-Token" },
})
check(spec.info.description and spec.servers[1].url == "/")

local tags = {}
for _, tag in ipairs(spec.tags) do
  check(not tags[tag.name], tag.name .. " is there twice")
  tags[tag.name] = true
end

local function follow(value)
  if type(value) ~= "table" then
    return
  end
  local ref = value["$ref"]
  if type(ref) == "string" then
    check(spec.components.schemas[ref:match "^#/components/schemas/(.+)$"], ref)
  end
  for _, inner in pairs(value) do
    follow(inner)
  end
end
follow(spec)

local ids, count = {}, 0
for path, methods in pairs(spec.paths) do
  check(not path:find "%*", "no guard is shown")
  for method, operation in pairs(methods) do
    count = count + 1
    check(not ids[operation.operationId], operation.operationId .. " is there twice")
    ids[operation.operationId] = true
    check(operation.summary and operation["x-roles"] and operation.tags[1], method .. " " .. path)
    check(tags[operation.tags[1]], operation.tags[1] .. " is a tag of the document")
    for name in path:gmatch "{(.-)}" do
      local found
      for _, p in ipairs(operation.parameters) do
        found = found or p.name == name and p["in"] == "path" and p.required
      end
      check(found, path .. " has the parameter " .. name)
    end
    if operation["x-roles"] ~= "public" then
      check(operation.security[1].key, method .. " " .. path .. " needs a key")
      check(operation.security[2].jwt, method .. " " .. path .. " or a token")
      check(operation.security[3].session, method .. " " .. path .. " or a session")
      equal(operation.security[3].csrf ~= nil, method ~= "get", method .. " " .. path)
    else
      equal(#operation.security, 0)
    end
  end
end
check(count > 30)
matches(spec.paths["/api/admin/chargers"].post.requestBody.content, {
  ["application/json"] = { schema = { ["$ref"] = "#/components/schemas/rest.charger_new" } },
})
equal(spec.components.schemas["rest.charger_new"].required[1], "charge_point_id")

log "answers say what is always there, and have nothing else"
local loose = {}
local function is_object(schema)
  local types = type(schema.type) == "table" and schema.type or { schema.type }
  return types[1] == "object" or types[2] == "object"
end
local function check_answer(schema, place)
  schema = route_table.resolve(spec, schema)
  if is_object(schema) and schema.properties then
    if schema.additionalProperties ~= false then
      loose[#loose + 1] = place .. " takes any member"
    elseif next(schema.properties) and not schema.required then
      loose[#loose + 1] = place .. " does not say what is always there"
    end
  elseif is_object(schema) and not schema.description then
    loose[#loose + 1] = place .. " may be anything, and does not say what"
  end
  for name, inner in pairs(schema.properties or {}) do
    if name:find "_at$" and route_table.resolve(spec, inner).format ~= "date-time" then
      loose[#loose + 1] = place .. "." .. name .. " is no date-time"
    end
    check_answer(inner, place .. "." .. name)
  end
  if schema.items then
    check_answer(schema.items, place .. "[]")
  elseif schema.type == "array" then
    loose[#loose + 1] = place .. " does not say of what it is a list"
  end
end
local answered = {}
for _, methods in pairs(spec.paths) do
  for _, operation in pairs(methods) do
    local content = (operation.responses["2XX"].content or {})["application/json"]
    local name = content and (content.schema["$ref"] or ""):match "^#/components/schemas/(.+)$"
    if name and not answered[name] then
      answered[name] = true
      check_answer(spec.components.schemas[name], name)
    end
  end
end
check(next(answered), "there are answers")
table.sort(loose)
equal(table.concat(loose, "\n"), "")

log "the page needs nothing from elsewhere"
local docs = http.get("/docs", nil, { key = false })
equal(docs.headers["content-type"], "text/html; charset=utf-8")
check(docs.headers["content-security-policy"]:find "default%-src 'none'")
check(not docs.text:find "src=" and not docs.text:find "https?://")

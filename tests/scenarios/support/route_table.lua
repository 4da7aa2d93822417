-- The server's routes as /openapi.json has them, and requests that fit them.
local M = {}

local PLACEHOLDER = { ["date-time"] = "2030-01-01T00:00:00Z" }

-- What a schema refers to, if it does.
function M.resolve(doc, schema)
  while schema["$ref"] do
    local at = doc
    for part in schema["$ref"]:gmatch "[^/#]+" do
      at = at[part]
    end
    schema = at
  end
  return schema
end

local make = {}

-- The least value that a schema takes.
local function example(doc, schema)
  schema = M.resolve(doc, schema)
  if schema.enum then
    return schema.enum[1]
  end
  local type_ = schema.type
  if type(type_) == "table" then
    type_ = type_[1]
  end
  return make[type_ or "object"](doc, schema)
end

function make.object(doc, schema)
  local value = json.decode "{}"
  for _, name in ipairs(schema.required or {}) do
    value[name] = example(doc, schema.properties[name])
  end
  return value
end

function make.array(doc, schema)
  local value = array {}
  for i = 1, schema.minItems or 0 do
    value[i] = example(doc, schema.items)
  end
  return value
end

function make.string(_, schema)
  return PLACEHOLDER[schema.format] or ("a"):rep(schema.minLength or 1)
end

function make.integer(_, schema)
  return math.max(schema.minimum or 1, 1)
end
make.number = make.integer

function make.boolean()
  return true
end

-- What is sent with a request of the route: a table, a text, or nil.
local function body_of(doc, operation)
  local content = operation.requestBody and operation.requestBody.content
  if not content then
    return nil
  end
  local as_json = content["application/json"]
  return as_json and example(doc, as_json.schema) or "bytes"
end

-- Whether its answer goes on until somebody leaves.
local function is_endless(operation)
  local good = operation.responses["2XX"]
  return good ~= nil and good.content ~= nil and good.content["text/event-stream"] ~= nil
end

-- { method, path, roles = { operator = true, ... } or nil if it is public, has_names, is_endless, body }, in a fixed order.
function M.all()
  local doc = http.get("/openapi.json", nil, { key = false }).body
  local list = {}
  for path, operations in pairs(doc.paths) do
    for method, operation in pairs(operations) do
      local route = { method = method:upper(), path = path, body = body_of(doc, operation), name = method:upper() .. " " .. path }
      if operation["x-roles"] ~= "public" then
        route.roles = { admin = true }
        for role in operation["x-roles"]:gmatch "%a+" do
          route.roles[role] = true
        end
      end
      route.has_names = path:find("{", 1, true) ~= nil
      route.is_endless = is_endless(operation)
      list[#list + 1] = route
    end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

-- The route's path with ids in it. `ids` has them by the path up to their name, or, for its last name, by the whole path.
-- A name without an id ends the story: whoever adds a route adds an object.
function M.fill(route, ids)
  local done, rest = "", route.path
  local declared = ""
  while true do
    local before, name, after = rest:match "^(.-)({[%w_]+})(.*)$"
    if not before then
      return done .. rest
    end
    declared = declared .. before .. name
    local id = not after:find("{", 1, true) and ids[route.path]
    id = id or ids[declared]
    check(id ~= nil, route.name .. ": no object is known for " .. declared .. "; make one in support/every_object.lua")
    done, rest = done .. before .. escape(tostring(id)), after
  end
end

return M

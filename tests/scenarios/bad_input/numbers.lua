-- Whole numbers that some engine's columns do not hold, in every place of every route that takes a whole number: path, query and body,
-- for objects that are there. Whatever comes of it, the server does not fail.
settings { config = {
  users = { scrypt_log_n = 10 }, rest = { per_key = 0, per_address = 0 }, payments = { check_every = "1h" }, transfer = { allow = "127.0.0.1" },
} }
local table_of = require "route_table"
local routes = table_of.all()
local spec = http.get("/openapi.json", nil, { key = false }).body
local ids = require "every_object"()
ids["/auth/sessions/{id}"] = "none"
local LARGE = { "2147483648", "4294967296", "9007199254740993", "9223372036854775807", "-2147483649", "-9223372036854775808" }
local failures, asked = {}, 0

local function ask(method, path, body)
  local answer = http { method = method, path = path, body = body, timeout = 20, headers = body and { ["Content-Type"] = "application/json" } or nil }
  asked = asked + 1
  if answer.status >= 500 then
    failures[#failures + 1] = ("%s %s %s: %d %s"):format(method, path, body or "", answer.status, answer.text:sub(1, 150))
  end
end

local function takes_integer(schema)
  local types = type(schema.type) == "table" and schema.type or { schema.type }
  for _, name in ipairs(types) do
    if name == "integer" or name == "number" then return true end
  end
  return false
end

-- The body with a mark where each whole number may be; one of them at a time.
local function bodies(body, schema, found, whole, depth)
  schema = table_of.resolve(spec, schema)
  for name, property in pairs(schema.properties or {}) do
    property = table_of.resolve(spec, property)
    local was = body[name]
    if takes_integer(property) then
      body[name] = "@number@"
      found[#found + 1] = (json.encode(whole):gsub('"@number@"', "@number@"))
    elseif property.properties and depth < 3 then
      body[name] = type(was) == "table" and was or json.decode "{}"
      bodies(body[name], property, found, whole, depth + 1)
    end
    body[name] = was
  end
  return found
end

-- What ends the callers, or what they ask with.
local function is_left_out(route)
  return route.method == "DELETE" or route.is_endless or not route.roles or route.path:find "^/auth/"
end

for _, route in ipairs(routes) do
  if not is_left_out(route) then
    local operation = spec.paths[route.path][route.method:lower()]
    local path = table_of.fill(route, ids)
    for _, parameter in ipairs(operation.parameters or {}) do
      for _, number in ipairs(LARGE) do
        if parameter["in"] == "query" then
          ask(route.method, path .. "?" .. parameter.name .. "=" .. number, route.method ~= "GET" and "{" or nil)
        elseif parameter["in"] == "path" then
          local other = setmetatable({ [route.path] = not route.path:match("{" .. parameter.name .. "}.*{") and number or nil }, { __index = function(_, declared)
            return declared:match("{" .. parameter.name .. "}$") and number or ids[declared]
          end })
          ask(route.method, table_of.fill(route, other), route.method ~= "GET" and "{" or nil)
        end
      end
    end
    local content = operation.requestBody and operation.requestBody.content["application/json"]
    if content and type(route.body) == "table" then
      for _, body in ipairs(bodies(route.body, content.schema, {}, route.body, 0)) do
        for _, number in ipairs(LARGE) do
          ask(route.method, path, (body:gsub("@number@", number)))
        end
      end
    end
  end
end
log("%d requests", asked)
equal(http.get("/health").status, 200)
check(#failures == 0, "\n" .. table.concat(failures, "\n") .. "\n" .. #failures)

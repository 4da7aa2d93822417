-- What is changed or removed is in the audit log as it was before, whatever it is.
settings { config = { users = { scrypt_log_n = 10 }, payments = { check_every = "1h" }, transfer = { allow = "127.0.0.1" } } }
local route_table = require "route_table"
local ids = require "every_object"()

-- What goes to a charger, whose answer decides; counts that begin anew; sessions, which the row of their user does not have.
local NOTHING = {
  ["DELETE /api/admin/chargers/{id}/reservations/{reservation_id}"] = true, ["DELETE /api/admin/chargers/{id}/charging-profiles/{charging_profile_id}"] = true,
  ["DELETE /api/admin/chargers/{id}/violations"] = true, ["DELETE /api/admin/users/{id}/sessions"] = true, ["DELETE /api/admin/users/{id}/totp"] = true,
}
local failures, counts = {}, { PUT = 0, DELETE = 0 }

local function change(route)
  local path = route_table.fill(route, ids)
  local answer = http { method = route.method, path = path, body = route.method == "PUT" and (route.body or {}) or nil }
  if answer.status >= 300 then
    log("%s: %d", route.name, answer.status)
    return
  end
  counts[route.method] = counts[route.method] + 1
  local row = http.get("/api/admin/audit?limit=1").body.items[1]
  equal(row.route, route.path)
  if row.before == json.null then
    failures[#failures + 1] = route.name
  end
end

local routes = route_table.all()
local function each(method, first, last, step)
  for i = first, last, step do
    local route = routes[i]
    if route.method == method and route.roles and not route.path:find "^/auth/" and not NOTHING[route.name] then
      change(route)
    end
  end
end
each("PUT", 1, #routes, 1)
each("DELETE", #routes, 1, -1) -- what is below a thing first
equal(table.concat(failures, "\n"), "")
check(counts.PUT > 15 and counts.DELETE > 10, json.encode(counts))

-- Without the plugin no charger has quirks: each is held to its own mode, and what it does wrong is counted all the same.
settings { config = { plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "rest" } } }
local path_of = require("deviations").path_of

local function status(cp)
  return cp:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = "Error" })
end

for mode, accepted in pairs { strict = false, lenient = true } do
  local id = "LEFT-" .. mode
  seed.charger { charge_point_id = id, vendor = "Legrand", validation = mode, quirks = array { "error_codes", "strip_nul" } }
  local cp = charger { id = id, vendor = "Legrand", silent = true }
  cp:connect()
  equal(cp:boot().status, "Accepted")
  local answer, refused = status(cp)
  equal(answer ~= nil, accepted, mode)
  equal(refused and refused.code, not accepted and "PropertyConstraintViolation" or nil)
  eventually(function() return http.get(path_of(id)).body.violations == 1 end)
  equal(http.get(path_of(id)).body.repairs, 0)
  equal(http.get(path_of(id)).body.in_force.validation, mode)
end
for _, path in ipairs { "quirks", "quirk-rules", "quirk-scripts" } do
  equal(http.get("/api/admin/" .. path).status, 404)
end

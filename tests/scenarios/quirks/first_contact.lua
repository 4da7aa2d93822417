-- A charger that nobody knows yet: its first BootNotification says what it is, and that is repaired already.
seed.charger { charge_point_id = "Q-NEW" }
local cp = charger { id = "Q-NEW", vendor = "HICI", model = "A model of 23 character" }
cp:connect()
local path = require("deviations").path_of "Q-NEW"
local before = http.get(path).body
equal(before.in_force, { validation = "strict", rules = array {}, quirks = array {} })

equal(cp:boot().status, "Accepted")
matches(http.get(path).body, {
  vendor = "HICI",
  model = "A model of 23 charac",
  validation = json.null,
  quirks = json.null,
  in_force = { validation = "strict", rules = { "hici" }, quirks = { "cut_long_texts" } },
})

-- It is known at its next connection, before it boots.
cp:disconnect()
cp:connect()
equal(http.get(path).body.in_force.rules, { "hici" })

-- What another one says of itself at a boot counts from then on.
equal(cp:demand("BootNotification", { chargePointVendor = "Acme", chargePointModel = "M" }).status, "Accepted")
equal(http.get(path).body.in_force.rules, array {})
local _, refused = cp:call("BootNotification", { chargePointVendor = "Acme", chargePointModel = ("m"):rep(23) })
matches(refused, { code = "PropertyConstraintViolation", details = { path = "chargePointModel" } })

-- All of it is counted.
local counted = eventually(function()
  local items = http.get(path .. "/violations").body.items
  return #items == 2 and items
end)
matches(counted[1], { kind = "repair", direction = "request", action = "BootNotification", rule = "cut_long_texts", count = 1 })
matches(counted[2], {
  kind = "violation", direction = "request", action = "BootNotification", code = "PropertyConstraintViolation",
  path = "chargePointModel", rule = "is longer than 20 characters", count = 1,
})
matches(http.get(path).body, { violations = 1, repairs = 1 })
equal(#http.get(path .. "/violations?kind=repair").body.items, 1)
equal(#http.get(path .. "/violations?action=Heartbeat").body.items, 0)
equal(http.delete(path .. "/violations").status, 204)
matches(http.get(path).body, { violations = 0, repairs = 0 })

-- The charger is to forget whom it knows.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

equal(cp:authorize(driver).status, "Accepted")
case.send(cp, "ClearCache", {}, "Accepted")
equal(cp.cache[driver], nil)
case.flow(cp, "Authorize [ClearCache]")

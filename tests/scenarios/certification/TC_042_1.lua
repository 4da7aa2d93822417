-- The version of the local list is asked of a charger that has none.
local case = require "certification"
local cp = case.charger()

cp.configuration.LocalAuthListEnabled = "false"
equal(case.send(cp, "GetLocalListVersion", {}), { listVersion = -1 })
case.flow(cp, "[GetLocalListVersion]")

-- The version of the local list is asked of a charger whose list is empty.
local case = require "certification"
local cp = case.charger()

equal(case.send(cp, "GetLocalListVersion", {}), { listVersion = 0 })
case.flow(cp, "[GetLocalListVersion]")

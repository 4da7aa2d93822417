-- A token that nobody registered is shown.
local case = require "certification"
local cp = case.charger()

equal(cp:authorize(case.id .. "-NOBODY").status, "Invalid")
case.flow(cp, "Authorize")

-- A token that is blocked is shown.
local case = require "certification"
local cp, blocked = case.charger(), case.token("BLOCKED", { status = "blocked" })

equal(cp:authorize(blocked).status, "Blocked")
case.flow(cp, "Authorize")

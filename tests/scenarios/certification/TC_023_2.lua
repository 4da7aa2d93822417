-- A token that has expired is shown.
local case = require "certification"
local cp, expired = case.charger(), case.token("EXPIRED", { expires_at = now(-60) })

equal(cp:authorize(expired).status, "Expired")
case.flow(cp, "Authorize")

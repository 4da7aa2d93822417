-- One key of the configuration is asked for.
local case = require "certification"
local cp = case.charger()

local answer = case.send(cp, "GetConfiguration", { key = { "SupportedFeatureProfiles" } })
equal(case.sent(cp, "GetConfiguration").key, { "SupportedFeatureProfiles" })
matches(answer.configurationKey, { { key = "SupportedFeatureProfiles", readonly = true } })
equal(#answer.configurationKey, 1)
case.flow(cp, "[GetConfiguration]")

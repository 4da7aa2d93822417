-- The whole configuration is asked for: without any key.
local case = require "certification"
local cp = case.charger()

local answer = case.send(cp, "GetConfiguration", {})
local asked = case.sent(cp, "GetConfiguration")
check(asked.key == nil or #asked.key == 0, "keys were named")
local keys = {}
for _, entry in ipairs(answer.configurationKey) do
  keys[entry.key] = entry
end
matches(keys.HeartbeatInterval, { readonly = false, value = cp.configuration.HeartbeatInterval })
matches(keys.NumberOfConnectors, { readonly = true, value = "1" })
case.flow(cp, "[GetConfiguration]")

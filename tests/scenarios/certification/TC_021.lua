-- A key of the configuration is changed.
local case = require "certification"
local cp = case.charger()

case.send(cp, "ChangeConfiguration", { key = "MeterValueSampleInterval", value = "60" }, "Accepted")
case.sent(cp, "ChangeConfiguration", { key = "MeterValueSampleInterval", value = "60" })
case.flow(cp, "[ChangeConfiguration]")

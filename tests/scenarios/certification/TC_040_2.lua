-- A key is to get a value that the charger does not take.
local case = require "certification"
local cp = case.charger()

case.send(cp, "ChangeConfiguration", { key = "MeterValueSampleInterval", value = "-1" }, "Rejected")
case.sent(cp, "ChangeConfiguration", { key = "MeterValueSampleInterval", value = "-1" })
case.flow(cp, "[ChangeConfiguration]")

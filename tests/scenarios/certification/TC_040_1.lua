-- A key that the charger does not know is to be changed.
local case = require "certification"
local cp = case.charger()

case.send(cp, "ChangeConfiguration", { key = "NoSuchKey", value = "1" }, "NotSupported")
case.sent(cp, "ChangeConfiguration", { key = "NoSuchKey", value = "1" })
case.flow(cp, "[ChangeConfiguration]")

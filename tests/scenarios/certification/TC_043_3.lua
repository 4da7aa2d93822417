-- A charger fails to take a local list.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:on("SendLocalList", { status = "Failed" })
case.send(cp, "SendLocalList", case.local_list(1, driver), "Failed")
case.sent(cp, "SendLocalList", { updateType = "Full", listVersion = 1 })
case.flow(cp, "[SendLocalList]")

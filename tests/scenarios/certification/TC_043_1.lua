-- A local list is sent to a charger that has none.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:on("SendLocalList", { status = "NotSupported" })
case.send(cp, "SendLocalList", case.local_list(1, driver), "NotSupported")
case.sent(cp, "SendLocalList", { updateType = "Full", listVersion = 1 })
case.flow(cp, "[SendLocalList]")

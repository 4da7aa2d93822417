-- A connector that was taken out of service cannot be reserved.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

case.post(cp, "change-availability", { connector_id = 1, type = "Inoperative" })
case.sent(cp, "ChangeAvailability", { connectorId = 1, type = "Inoperative" })
case.connector(cp, 1, "Unavailable")
case.reserve(cp, { connector_id = 1, id_tag = driver }, "Unavailable")
case.flow(cp, "[ChangeAvailability] StatusNotification [ReserveNow]")

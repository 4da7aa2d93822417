-- A connector is reserved, nobody comes, and its time is up.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local reservation = case.reserve(cp, { connector_id = 1, id_tag = driver, expires_in_s = 2 })
case.sent(cp, "ReserveNow", { connectorId = 1, idTag = driver })
case.flow(cp, "[ReserveNow] StatusNotification StatusNotification")
case.connector(cp, 1, "Available")
case.becomes(reservation, { state = "expired" })

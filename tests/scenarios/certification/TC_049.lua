-- A charger is reserved, whichever connector: the transaction on one of them uses the reservation.
local case = require "certification"
local cp, driver = case.charger { connectors = 2 }, case.token "DRIVER"

local reservation = case.reserve(cp, { connector_id = 0, id_tag = driver })
local asked = case.sent(cp, "ReserveNow", { connectorId = 0, idTag = driver })
local session = case.session(cp, driver, 2)
case.transaction(cp, session, { connector_id = 2, reservation_id = asked.reservationId })
case.becomes(reservation, { state = "used" })
case.flow(cp, "[ReserveNow] StatusNotification Authorize StartTransaction StatusNotification")

-- A connector is reserved, and a transaction uses the reservation.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local reservation = case.reserve(cp, { connector_id = 1, id_tag = driver })
local asked = case.sent(cp, "ReserveNow", { connectorId = 1, idTag = driver }, { "parentIdTag" })
check(asked.reservationId > 0 and asked.expiryDate > now(), show(asked))
case.connector(cp, 1, "Reserved")
case.becomes(reservation, { state = "active" })

local session = case.session(cp, driver)
case.transaction(cp, session, { reservation_id = asked.reservationId })
case.becomes(reservation, { state = "used" })
case.flow(cp, "[ReserveNow] StatusNotification StatusNotification Authorize StartTransaction StatusNotification")

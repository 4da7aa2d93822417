-- A reservation is cancelled.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local reservation = case.reserve(cp, { connector_id = 1, id_tag = driver })
local asked = case.sent(cp, "ReserveNow")
case.connector(cp, 1, "Reserved")
matches(http.delete(reservation), { status = 200, body = { state = "accepted", response = { status = "Accepted" } } })
equal(case.sent(cp, "CancelReservation"), { reservationId = asked.reservationId })
case.connector(cp, 1, "Available")
case.becomes(reservation, { state = "cancelled" })
case.flow(cp, "[ReserveNow] StatusNotification [CancelReservation] StatusNotification")

-- A charger rejects to cancel a reservation: it stands.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local reservation = case.reserve(cp, { connector_id = 1, id_tag = driver })
case.connector(cp, 1, "Reserved")
cp:on("CancelReservation", { status = "Rejected" })
matches(http.delete(reservation), { status = 200, body = { state = "rejected", response = { status = "Rejected" } } })
case.becomes(reservation, { state = "active" })
case.flow(cp, "[ReserveNow] StatusNotification [CancelReservation]")

-- A connector is reserved for a token with a group: another token of the group uses the reservation.
local case = require "certification"
local cp = case.charger()
local group = case.id .. "-GROUP"
local driver = case.token("DRIVER", { parent_id_tag = group })
local other = case.token("OTHER", { parent_id_tag = group })

local reservation = case.reserve(cp, { connector_id = 1, id_tag = driver })
local asked = case.sent(cp, "ReserveNow", { connectorId = 1, idTag = driver, parentIdTag = group })
case.connector(cp, 1, "Reserved")
matches(cp:authorize(other), { status = "Accepted", parentIdTag = group })
cp:status(1, "Preparing")
local session = cp:start { id_tag = other }
case.accepted(session)
case.transaction(cp, session, { id_tag = other, reservation_id = asked.reservationId })
case.becomes(reservation, { state = "used" })
case.flow(cp, "[ReserveNow] StatusNotification Authorize StatusNotification StartTransaction")

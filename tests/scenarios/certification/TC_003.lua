-- A session: the cable first, then the card; stopped with the card.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:status(1, "Preparing")
equal(cp:authorize(driver).status, "Accepted")
local session = cp:start { id_tag = driver, meter_start = 100 }
case.accepted(session)
cp:status(1, "Charging")
case.connector(cp, 1, "Charging")
case.transaction(cp, session, { state = "active", connector_id = 1, id_tag = driver })

equal(cp:authorize(driver).status, "Accepted")
equal(session:stop({ meter_stop = 1100, id_tag = driver }).idTagInfo.status, "Accepted")
cp:status(1, "Finishing")
cp:status(1, "Available")
case.connector(cp, 1, "Available")
case.transaction(cp, session, { state = "completed", energy_wh = 1000, stop_reason = "Local" })
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification "
  .. "Authorize StopTransaction StatusNotification StatusNotification")

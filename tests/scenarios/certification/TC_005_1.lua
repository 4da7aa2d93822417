-- The cable is pulled out at the car: the transaction ends for that reason.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local session = case.session(cp, driver)
cp:status(1, "SuspendedEV")
case.connector(cp, 1, "SuspendedEV")
session:stop { reason = "EVDisconnected" }
cp:status(1, "Finishing")
case.connector(cp, 1, "Finishing")
cp:status(1, "Available")
case.connector(cp, 1, "Available")
case.transaction(cp, session, { state = "completed", stop_reason = "EVDisconnected" })
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification "
  .. "StatusNotification StopTransaction StatusNotification StatusNotification")

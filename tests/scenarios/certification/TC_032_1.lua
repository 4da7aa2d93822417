-- The power fails during a session: after the boot the charger stops the transaction of before.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local session = case.session(cp, driver)
cp:drop()
cp:reconnect()
case.boot(cp)
session:stop { meter_stop = session.meter_start + 500, reason = "PowerLoss" }
case.transaction(cp, session, { state = "completed", stop_reason = "PowerLoss", energy_wh = 500 })
equal(#case.transactions(cp), 1)
case.connector(cp, 1, "Charging")
cp:status(1, "Finishing")
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification "
  .. "BootNotification StatusNotification StatusNotification StopTransaction StatusNotification")

-- A whole transaction happened while the charger was offline.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:drop()
local session = cp:start { id_tag = driver, meter_start = 0, timestamp = cp:now(-600) }
session:stop { meter_stop = 700, timestamp = cp:now(-300), id_tag = driver }
cp:reconnect()
cp:flush()
case.accepted(session)
equal(session.stopped.idTagInfo.status, "Accepted")
case.transaction(cp, session, { state = "completed", energy_wh = 700, duration_s = 300 })
case.flow(cp, "StartTransaction StopTransaction")

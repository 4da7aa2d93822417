-- A connector that is occupied cannot be reserved.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:status(1, "Preparing")
case.reserve(cp, { connector_id = 1, id_tag = driver }, "Occupied")
case.flow(cp, "StatusNotification [ReserveNow]")

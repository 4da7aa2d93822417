-- A connector that is faulted cannot be reserved.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:status { connector = 1, status = "Faulted", error = "GroundFailure" }
case.reserve(cp, { connector_id = 1, id_tag = driver }, "Faulted")
case.flow(cp, "StatusNotification [ReserveNow]")

-- A charger that takes no reservations rejects one.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:on("ReserveNow", { status = "Rejected" })
case.reserve(cp, { connector_id = 1, id_tag = driver }, "Rejected")
case.flow(cp, "[ReserveNow]")

-- A soft reset: the charger starts again, and is accepted.
local case = require "certification"
local cp = case.charger()

case.send(cp, "Reset", { type = "Soft" }, "Accepted")
case.flow(cp, "[Reset] BootNotification StatusNotification StatusNotification")
equal(case.answer(cp, "BootNotification").status, "Accepted")
matches(http.get(cp.rest).body, { connected = true })
case.connector(cp, 1, "Available")

-- The card is shown, but no cable is plugged in before the charger's ConnectionTimeOut: no transaction.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

equal(cp:authorize(driver).status, "Accepted")
cp:status(1, "Preparing")
case.connector(cp, 1, "Preparing")
cp:status(1, "Available")
case.connector(cp, 1, "Available")
equal(#case.transactions(cp), 0)
case.flow(cp, "Authorize StatusNotification StatusNotification")

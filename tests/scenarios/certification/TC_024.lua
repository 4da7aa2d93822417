-- The lock of the connector fails after the card was shown: told as a fault, no transaction.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

equal(cp:authorize(driver).status, "Accepted")
cp:status(1, "Preparing")
cp:status { connector = 1, status = "Faulted", error = "ConnectorLockFailure" }
case.connector(cp, 1, "Faulted", "ConnectorLockFailure")
equal(#case.transactions(cp), 0)
case.flow(cp, "Authorize StatusNotification StatusNotification")

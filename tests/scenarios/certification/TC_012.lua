-- A remote stop of the transaction that runs.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local session = case.session(cp, driver)
local running = case.transaction(cp, session, { state = "active" })
case.post(cp, "remote-stop", { transaction_id = running.id })
case.sent(cp, "RemoteStopTransaction", { transactionId = session.id })
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification "
  .. "[RemoteStopTransaction] StopTransaction StatusNotification StatusNotification")
case.transaction(cp, session, { state = "completed", stop_reason = "Remote" })
case.connector(cp, 1, "Available")

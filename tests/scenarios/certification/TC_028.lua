-- A remote stop of a transaction that the charger does not know is sent, and its refusal taken; the session goes on.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local session = case.session(cp, driver)
local unknown = session.id + 1000000
case.send(cp, "RemoteStopTransaction", { transactionId = unknown }, "Rejected")
case.sent(cp, "RemoteStopTransaction", { transactionId = unknown })
case.transaction(cp, session, { state = "active" })
case.flow(cp, "StatusNotification Authorize StartTransaction StatusNotification [RemoteStopTransaction]")

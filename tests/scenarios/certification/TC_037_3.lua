-- A transaction began while the charger was offline, with a token that is not valid: it has an id all the same, and is
-- stopped by the charger.
local case = require "certification"
local cp = case.charger()

cp:drop()
local session = cp:start { id_tag = case.id .. "-NOBODY", timestamp = cp:now(-600) }
cp:reconnect()
cp:flush()
equal(session.status, "Invalid")
check(session.id > 0, "no transactionId")
session:stop { reason = "DeAuthorized" }
case.transaction(cp, session, { state = "completed", stop_reason = "DeAuthorized" })
case.flow(cp, "StartTransaction StopTransaction")

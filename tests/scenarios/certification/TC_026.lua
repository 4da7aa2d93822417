-- A charger rejects a remote start: the command says so, and there is no transaction.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

cp:on("RemoteStartTransaction", { status = "Rejected" })
case.post(cp, "remote-start", { id_tag = driver, connector_id = 1 }, "Rejected")
case.sent(cp, "RemoteStartTransaction", { idTag = driver, connectorId = 1 })
equal(#case.transactions(cp), 0)
case.flow(cp, "[RemoteStartTransaction]")

-- A remote start with a profile for its transaction, which has no id yet.
local case = require "certification"
local cp, driver = case.charger(), case.token "DRIVER"

local profile = case.profile("TxProfile", "Relative")
profile.chargingProfileId = 1
case.post(cp, "remote-start", { id_tag = driver, connector_id = 1, charging_profile = profile })
local sent = case.sent(cp, "RemoteStartTransaction", { idTag = driver, connectorId = 1 }).chargingProfile
case.is_profile(sent, "TxProfile", "Relative")
equal(sent.transactionId, nil)
local session = case.begun(cp)
local transaction = case.transaction(cp, session, { state = "active" })
matches(http.get(cp.rest .. "/charging-profiles").body.items, { { state = "active", transaction_id = transaction.id } })
case.flow(cp, "[RemoteStartTransaction] Authorize StatusNotification StartTransaction StatusNotification")

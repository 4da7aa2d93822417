-- One token changes: the charger is asked for the version of its list and gets that token, under a higher one.
settings { config = { ocpp = { log_delay = "5ms" }, ocpp16_local_auth = { check_every = "50ms" } } }
local case = require "certification"
local cp = case.charger()
local driver = case.token "DRIVER"
case.token "OTHER"

http.put(cp.rest .. "/local-list", { mode = "on" })
local version = case.sent(cp, "SendLocalList", { updateType = "Full" }).listVersion
case.becomes(cp.rest .. "/local-list", { state = "current", at_work = false })
http.put("/api/admin/tokens/" .. driver, { status = "blocked" })
local changed = case.sent(cp, "SendLocalList", { updateType = "Differential" })
check(changed.listVersion > version, "not a newer version")
equal(changed.localAuthorizationList, { { idTag = driver, idTagInfo = { status = "Blocked" } } })
case.becomes(cp.rest .. "/local-list", { state = "current", version = changed.listVersion })
case.flow(cp, "[GetConfiguration] [GetLocalListVersion] [SendLocalList] [GetLocalListVersion] [SendLocalList]")

-- A charger gets its local list whole: each entry says what the token is worth.
settings { config = { ocpp = { log_delay = "5ms" }, ocpp16_local_auth = { check_every = "50ms" } } }
local case = require "certification"
local cp = case.charger()
local driver, blocked = case.token "DRIVER", case.token("BLOCKED", { status = "blocked" })

http.put(cp.rest .. "/local-list", { mode = "on" })
local list = case.sent(cp, "SendLocalList", { updateType = "Full" })
check(list.listVersion > 0, "no version")
local status = {}
for _, entry in ipairs(list.localAuthorizationList) do
  status[entry.idTag] = entry.idTagInfo.status
end
equal(status, { [driver] = "Accepted", [blocked] = "Blocked" })
case.becomes(cp.rest .. "/local-list", { state = "current", version = list.listVersion, entries = 2 })
case.flow(cp, "[GetConfiguration] [GetLocalListVersion] [SendLocalList]")

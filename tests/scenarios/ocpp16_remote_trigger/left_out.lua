-- Without the plugin its action is NotSupported.
settings { config = { plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "rest" } } }
seed.charger "TRIG2"
local cp = charger { id = "TRIG2" }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id
equal(http.post(base .. "/trigger", { message = "Heartbeat" }).status, 404)
matches(http.post(base .. "/commands", { action = "TriggerMessage", payload = { requestedMessage = "Heartbeat" } }),
  { status = 422, body = { detail = function(text)
    return text:find("NotSupported", 1, true)
  end } })

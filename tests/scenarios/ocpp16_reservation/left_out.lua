-- Without the plugin its actions are NotSupported.
settings { config = { plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "rest" } } }
seed.charger "RES5"
local cp = charger { id = "RES5" }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id
equal(http.get(base .. "/reservations").status, 404)
for action, payload in pairs {
  ReserveNow = { connectorId = 1, expiryDate = now(60), idTag = "A", reservationId = 1 },
  CancelReservation = { reservationId = 1 },
} do
  matches(http.post(base .. "/commands", { action = action, payload = payload }), { status = 422, body = { detail = function(text)
    return text:find("NotSupported", 1, true)
  end } })
end

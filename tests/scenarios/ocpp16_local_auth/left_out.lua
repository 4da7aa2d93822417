-- Without the plugin its actions are NotSupported.
settings { config = { plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "rest" } } }
seed.charger "LIST9"
local cp = charger { id = "LIST9" }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id
equal(http.get(base .. "/local-list").status, 404)
for action, payload in pairs { SendLocalList = { listVersion = 1, updateType = "Full" }, GetLocalListVersion = {} } do
  matches(http.post(base .. "/commands", { action = action, payload = payload }), {
    status = 422, body = { detail = function(text)
      return text:find("NotSupported", 1, true)
    end },
  })
end
equal(cp:receive(0), nil)

-- Without the plugin its actions are NotSupported, in both directions.
settings { config = { plugins = { "chargers", "transactions", "authorization", "ocpp16_core", "rest" } } }
seed.charger "FW9"
local cp = charger { id = "FW9" }
cp:connect()
cp:boot()
local base = "/api/admin/chargers/" .. http.get("/api/admin/chargers").body.items[1].id
equal(http.post(base .. "/update-firmware", { file_id = 1 }).status, 404)
equal(http.get("/api/admin/firmware-campaigns").status, 404)
for action, payload in pairs {
  UpdateFirmware = { location = "http://a.example/b", retrieveDate = now(0) },
  GetDiagnostics = { location = "http://a.example/" },
} do
  matches(http.post(base .. "/commands", { action = action, payload = payload }), {
    status = 422, body = { detail = function(text)
      return text:find("NotSupported", 1, true)
    end },
  })
end
for action, status in pairs { FirmwareStatusNotification = "Idle", DiagnosticsStatusNotification = "Idle" } do
  local _, err = cp:call(action, { status = status })
  equal(err.code, "NotSupported")
end
equal(cp:receive(0), nil)

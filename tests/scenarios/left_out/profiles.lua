-- Each profile's plugin left out in turn, then all: what is of it is NotSupported in both directions, its routes are not
-- there, what a charger or an admin does beside it goes on, and the server starts and stops as ever.
local fields = require "fields"

local profiles = {
  { "ocpp16_core", charger = { "Authorize", "BootNotification", "DataTransfer", "Heartbeat", "MeterValues", "StartTransaction",
    "StatusNotification", "StopTransaction" }, csms = { "ChangeAvailability", "ChangeConfiguration", "ClearCache",
    "DataTransfer", "GetConfiguration", "RemoteStartTransaction", "RemoteStopTransaction", "Reset", "UnlockConnector" } },
  { "ocpp16_firmware", charger = { "DiagnosticsStatusNotification", "FirmwareStatusNotification" },
    csms = { "GetDiagnostics", "UpdateFirmware" } },
  { "ocpp16_local_auth", charger = {}, csms = { "GetLocalListVersion", "SendLocalList" } },
  { "ocpp16_remote_trigger", charger = {}, csms = { "TriggerMessage" } },
  { "ocpp16_reservation", charger = {}, csms = { "CancelReservation", "ReserveNow" } },
  { "ocpp16_security", charger = { "LogStatusNotification", "SecurityEventNotification", "SignCertificate",
    "SignedFirmwareStatusNotification" }, csms = { "CertificateSigned", "DeleteCertificate", "ExtendedTriggerMessage",
    "GetInstalledCertificateIds", "GetLog", "InstallCertificate", "SignedUpdateFirmware" } },
  { "ocpp16_smart_charging", charger = {}, csms = { "ClearChargingProfile", "GetCompositeSchedule", "SetChargingProfile" } },
}

local help = server.folder .. "/help"
equal(program { server.bin .. "/busbard", "--help-config", stdout = help }, 0)
local bundled, is_bundled = {}, {}
for name in io.open(help):read("a"):match("plugins: a list of names; default([^\n]*)"):gmatch "[%w_]+" do
  table.insert(bundled, name)
  is_bundled[name] = true
end

seed.charger "LEFT-OUT"
seed.charger "LEFT-AWAY"
seed.token "LEFT"
local path = "/api/admin/chargers/" .. http.get("/api/admin/chargers?charge_point_id=LEFT-OUT").body.items[1].id

local function text_of(payload)
  return next(payload) and json.encode(payload) or "{}"
end

-- What the charger is answered when it sends this.
local function answer_to(cp, action)
  local id = cp:new_message_id()
  cp:send_raw(('[2,"%s","%s",%s]'):format(id, action, text_of(fields.sample(fields.of(action)))))
  return cp:expect { id = id }
end

local function ask(action, url)
  local payload = text_of(fields.sample(fields.of(action)))
  return http.post(url, ('{"action":"%s","payload":%s}'):format(action, payload), { headers = { ["Content-Type"] = "application/json" } })
end

local function is_unsupported(response)
  local detail = response.body.detail or ""
  return response.status == 422 and detail:find("NotSupported", 1, true) ~= nil
end

-- The routes that the server says it has, as "GET /path".
local function routes()
  local found = {}
  for route, methods in pairs(http.get("/openapi.json").body.paths) do
    for method in pairs(methods) do
      found[method:upper() .. " " .. route] = true
    end
  end
  return found
end

local function check_absent(profile, cp)
  for _, action in ipairs(profile.charger) do
    matches(answer_to(cp, action), { kind = "error", code = "NotSupported", description = "no plugin here handles " .. action })
  end
  for _, action in ipairs(profile.csms) do
    for _, url in ipairs { path .. "/commands", "/api/charge-points/LEFT-OUT/request" } do
      local response = ask(action, url)
      check(is_unsupported(response), action .. ": " .. response.text)
      equal(response.headers["content-type"], "application/problem+json")
    end
  end
  equal(cp:receive(0), nil, "nothing was sent to the charger")
end

-- To many chargers it fails at each of them.
local function check_bulk(action)
  local bulk = "/api/admin/bulk-commands"
  local made = http.post(bulk, { action = action, payload = fields.sample(fields.of(action)), selection = { charge_point_ids = array { "LEFT-OUT" } } })
  equal(made.status, 202)
  local item = eventually(function()
    return http.get(bulk .. "/" .. made.body.id .. "/chargers?state=failed").body.items[1]
  end)
  equal(item.detail, "NotSupported: no plugin here sends this action")
end

-- The routes that are not there any more answer so; how many they are.
local function check_gone(before)
  local now_there, count = routes(), 0
  for route in pairs(before) do
    if not now_there[route] then
      local method, url = route:match "^(%S+) (.*)$"
      url = url:gsub("^/api/admin/chargers/{[%w_]+}", path):gsub("{[%w_]+}", "1")
      matches(http { method = method, path = url, body = method ~= "GET" and {} or nil }, {
        status = 404, headers = { ["content-type"] = "application/problem+json" }, body = { status = 404 },
      }, route)
      count = count + 1
    end
  end
  return count
end

local function check_session(cp)
  local session = cp:start { id_tag = "LEFT", meter_start = 0, reservation_id = 7 }
  equal(session.status, "Accepted")
  session:meter { energy_wh = 100 }
  session:stop { meter_stop = 200 }
  equal(http.get("/api/admin/transactions/" .. session.id).body.energy_wh, 200)
  equal(ask("ClearCache", path .. "/commands").body.state, "accepted")
end

-- With everything that comes with Busbar nothing of it is NotSupported: else the rest would prove nothing.
local everything = routes()
local cp = charger { id = "LEFT-OUT", silent = true }
cp:connect()
cp:boot()
local away = "/api/charge-points/LEFT-AWAY/request"
for _, profile in ipairs(profiles) do
  if is_bundled[profile[1]] then
    for _, action in ipairs(profile.charger) do
      check(answer_to(cp, action).code ~= "NotSupported", action)
    end
    for _, action in ipairs(profile.csms) do
      check(not is_unsupported(ask(action, away)), action)
    end
  end
end
cp:disconnect()

-- Runs without these profiles; how many routes are gone.
local function without(left_out)
  local out = {}
  for _, profile in ipairs(left_out) do
    out[profile[1]] = true
  end
  server.stop()
  server.config.plugins = {}
  for _, name in ipairs(bundled) do
    if not out[name] then
      table.insert(server.config.plugins, name)
    end
  end
  server.start()
  cp:reconnect()
  for _, profile in ipairs(left_out) do
    check_absent(profile, cp)
  end
  local gone = check_gone(everything)
  equal(answer_to(cp, "ReserveNow").code, "NotSupported", "what only a CSMS sends is never a charger's to send")
  cp:send_raw '[2,"coffee","MakeCoffee",{}]'
  equal(cp:expect({ id = "coffee" }).code, "NotImplemented")
  if not out.ocpp16_core then
    equal(cp:boot().status, "Accepted")
    check_session(cp)
    check_bulk(left_out[1].csms[1])
  end
  equal(http.get("/health").body.status, "ok")
  equal(http.get("/connections/LEFT-OUT").status, 200)
  cp:disconnect()
  return gone
end

for _, profile in ipairs(profiles) do
  log("without %s", profile[1])
  local gone = without { profile }
  equal(gone > 0, is_bundled[profile[1]] or false, profile[1])
end

log "without any"
without(profiles)

-- Every bundled script: the message of a charger that has it by a rule, or by its own settings, is accepted and stored
-- as it was meant, and counted; the same message of a charger without it is refused, or stored as it stands.
seed.token "Q-TAG"

local deviations = require "deviations"
local path_of = deviations.path_of

local function connector(cp)
  return http.get(path_of(cp.id)).body.connectors[1]
end

-- The samples of the charger's only transaction, newest first; sends are within it.
local function readings(cp)
  local t = http.get("/api/admin/transactions?charger=" .. cp.id).body.items[1]
  return http.get("/api/admin/transactions/" .. t.id .. "/meter-values").body.items
end

local function status(fields)
  return function(cp)
    local p = { connectorId = 1, status = "Available", errorCode = "NoError" }
    for key, value in pairs(fields) do
      p[key] = value
    end
    return cp:call("StatusNotification", p)
  end
end

local function sample(fields)
  return function(cp)
    local id = cp:demand("StartTransaction", {
      connectorId = 1, idTag = "Q-TAG", meterStart = 0, timestamp = cp:now(-60),
    }).transactionId
    return cp:call("MeterValues", {
      connectorId = 1,
      transactionId = id,
      meterValue = { { timestamp = fields.timestamp and fields.timestamp(cp) or cp:now(), sampledValue = { fields[1] } } },
    })
  end
end

local function configuration(key)
  return function(cp)
    cp:on("GetConfiguration", { configurationKey = { key } })
    local answer = http.post(path_of(cp.id) .. "/commands", { action = "GetConfiguration", payload = {} }).body
    if answer.state == "accepted" then
      return answer.response
    end
    return nil, { code = answer.error.code, path = answer.error.detail:match "schema: (%S+)" }
  end
end

local function boot(fields)
  return function(cp)
    local p = { chargePointVendor = cp.vendor, chargePointModel = "M" }
    for key, value in pairs(fields) do
      p[key] = value
    end
    return cp:call("BootNotification", p)
  end
end

-- An hour ahead of UTC, and says that it is UTC.
local function ahead(cp)
  return cp:now(3600)
end

local function about(text, seconds)
  local expected = now(seconds)
  return text:sub(1, 13) == expected:sub(1, 13) or text:sub(1, 13) == now(seconds - 60):sub(1, 13)
end

local cases = {
  { quirk = "cut_long_texts", vendor = "Schneider Electric", send = boot { chargePointSerialNumber = ("4"):rep(26), chargeBoxSerialNumber = ("5"):rep(33) },
    stored = function(cp)
      matches(http.get(path_of(cp.id)).body, { serial_number = ("4"):rep(25), box_serial_number = ("5"):rep(25) })
    end,
    refused = { "PropertyConstraintViolation", { "chargePointSerialNumber", "chargeBoxSerialNumber" } } },
  { quirk = "cut_long_texts", vendor = "HICI", send = boot { chargePointModel = ("ü"):rep(23) },
    stored = function(cp) equal(http.get(path_of(cp.id)).body.model, ("ü"):rep(20)) end,
    refused = { "PropertyConstraintViolation", { "chargePointModel" } } },
  { quirk = "null_members", own = true, send = status { info = json.null, timestamp = "2026-01-01T08:00:00.1234567Z" },
    stored = function(cp) matches(connector(cp), { info = json.null, status_at = "2026-01-01T08:00:00.123Z" }) end,
    refused = { "TypeConstraintViolation", { "info" } } },
  { quirk = "null_texts", vendor = "ABB", send = status { info = "null", vendorErrorCode = "0x0000" },
    stored = function(cp) matches(connector(cp), { info = json.null, vendor_error_code = json.null }) end,
    otherwise = function(cp) matches(connector(cp), { info = "null", vendor_error_code = "0x0000" }) end },
  { quirk = "error_codes", vendor = "Legrand", send = status { errorCode = "Error" },
    stored = function(cp) matches(connector(cp), { error_code = "OtherError", vendor_error_code = "Error" }) end,
    refused = { "PropertyConstraintViolation", { "errorCode" } } },
  { quirk = "unit_names", vendor = "Charge Amps AB", send = sample { { value = "50.0", measurand = "Frequency", unit = "Hz" } },
    stored = function(cp) equal(readings(cp)[1].sample.sampledValue[1], { value = "50.0", measurand = "Frequency" }) end,
    refused = { "PropertyConstraintViolation", { "meterValue[].sampledValue[].unit" } } },
  { quirk = "unit_names", vendor = "Viridian EV", send = sample { { value = "50.0", measurand = "Frequency", unit = "Hertz" } },
    stored = function(cp) equal(readings(cp)[1].sample.sampledValue[1].unit, nil) end,
    refused = { "PropertyConstraintViolation", { "meterValue[].sampledValue[].unit" } } },
  { quirk = "unit_names", vendor = "OpenEVSE", send = sample { { value = "31", measurand = "Temperature", unit = "C" } },
    stored = function(cp) equal(readings(cp)[1].sample.sampledValue[1].unit, "Celsius") end,
    refused = { "PropertyConstraintViolation", { "meterValue[].sampledValue[].unit" } } },
  { quirk = "sample_numbers", own = true, send = sample { { value = 1234.50 } },
    stored = function(cp)
      equal(readings(cp)[1].sample.sampledValue[1].value, "1234.5")
      equal(readings(cp)[1].energy_wh, 1235)
    end,
    refused = { "TypeConstraintViolation", { "meterValue[].sampledValue[].value" } } },
  { quirk = "energy_kwh_as_wh", own = true, send = sample { { value = "12.3", unit = "Wh" } },
    stored = function(cp) equal(readings(cp)[1].energy_wh, 12300) end,
    otherwise = function(cp) equal(readings(cp)[1].energy_wh, 12) end },
  { quirk = "time_formats", vendor = "Growatt", send = status { timestamp = "2026-01-19T15:28:07" },
    stored = function(cp) equal(connector(cp).status_at, "2026-01-19T15:28:07.000Z") end,
    refused = { "PropertyConstraintViolation", { "timestamp" } } },
  { quirk = "time_formats", own = true, send = status { timestamp = "2026-01-19T15:28:07.25+02" },
    stored = function(cp) equal(connector(cp).status_at, "2026-01-19T13:28:07.250Z") end,
    refused = { "PropertyConstraintViolation", { "timestamp" } } },
  { quirk = "local_times", vendor = "Chago", send = sample { { value = "10" }, timestamp = ahead },
    stored = function(cp) check(about(readings(cp)[1].sampled_at, 0)) end,
    otherwise = function(cp) check(about(readings(cp)[1].sampled_at, 3600)) end },
  { quirk = "configuration_values", vendor = "Scame", direction = "response",
    send = configuration { key = "MeterValueSampleInterval", readonly = false, value = 60 },
    stored = function(_, answer) equal(answer.configurationKey[1].value, "60") end,
    refused = { "TypeConstraintViolation", { "configurationKey[].value" } } },
  { quirk = "configuration_values", own = true, direction = "response",
    send = configuration { key = "AuthorizeRemoteTxRequests", readonly = 1, value = true },
    stored = function(_, answer) matches(answer.configurationKey[1], { readonly = true, value = "true" }) end,
    refused = { "TypeConstraintViolation", { "configurationKey[].readonly", "configurationKey[].value" } } },
  { quirk = "configuration_values", own = true, direction = "response",
    send = configuration { key = "NumberOfConnectors", readonly = "true", value = 2 },
    stored = function(_, answer) matches(answer.configurationKey[1], { readonly = true, value = "2" }) end,
    refused = { "TypeConstraintViolation", { "configurationKey[].readonly", "configurationKey[].value" } } },
}

for i, case in ipairs(cases) do
  log("%s, %s", case.quirk, case.vendor or "by the charger's own settings")
  local vendor = case.vendor or "Acme"
  seed.charger {
    charge_point_id = "QY" .. i, vendor = vendor, quirks = case.own and array { case.quirk } or nil,
  }
  seed.charger { charge_point_id = "QN" .. i, vendor = vendor, quirks = array {} }
  case.with = charger { id = "QY" .. i, vendor = vendor, silent = true }
  case.without = charger { id = "QN" .. i, vendor = vendor, silent = true }

  case.with:connect()
  case.with:boot()
  local answer, refused = case.send(case.with)
  check(answer, show(refused))
  case.stored(case.with, answer)

  case.without:connect()
  case.without:boot()
  answer, refused = case.send(case.without)
  if case.otherwise then
    check(answer, show(refused))
    case.otherwise(case.without, answer)
  else
    check(not answer, "it is not refused")
    equal(refused.code, case.refused[1])
    local path = refused.path or refused.details.path
    local general = path:gsub("%d+", "")
    check(general == case.refused[2][1] or general == case.refused[2][2], path)
  end
end

for i, case in ipairs(cases) do
  deviations.counted(case.with.id, { kind = "repair", direction = case.direction or "request", rule = case.quirk, count = 1 })
  equal(http.get(path_of("QY" .. i)).body.violations, 0)
  for _, path in ipairs(case.refused and case.refused[2] or {}) do
    deviations.counted(case.without.id, {
      kind = "violation", direction = case.direction or "request", code = case.refused[1], path = path, count = 1,
    })
  end
  equal(http.get(path_of("QN" .. i)).body.repairs, 0)
end

-- Nothing of it touches a message that is as it should be.
local plain = cases[5].with
equal(plain:call("StatusNotification", { connectorId = 1, status = "Available", errorCode = "NoError" }), {})
equal(connector(plain).vendor_error_code, json.null)

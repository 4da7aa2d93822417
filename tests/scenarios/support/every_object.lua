-- One object of each kind, of the operator `default`. What the requests of others name has ASKED in it, what they must never be shown has HIDDEN.
local stripe = require "stripe"
local wallets = require "wallets"

local USER, TAG, POINT = "ASKED-anna", "ASKED-TAG", "ASKED-CP"

local function made(path, body, statuses)
  local answer = http.post(path, body)
  check((statuses or "200 201 202"):find(tostring(answer.status)), path .. ": " .. answer.text)
  return answer.body
end

local function put(path, body)
  local answer = http.put(path, body)
  check(answer.status == 200 or answer.status == 201, path .. ": " .. answer.text)
  return answer.body
end

local function only(path)
  return eventually(function()
    return http.get(path).body.items[1]
  end)
end

local function people(ids)
  ids["/api/admin/users/{id}"] = made("/api/admin/users", { id = USER, name = "HIDDEN", role = "user", email = "hidden@example.org", password = "HIDDEN password" }).id
  ids["/users/{id}"] = USER
  ids["/api/admin/keys/{id}"] = made("/api/admin/keys", { name = "HIDDEN", role = "readonly", operator_id = "default" }).id
  put("/api/admin/invoices/recipients/" .. USER, { name = "HIDDEN", address = { "There" } })
  ids["/api/admin/invoices/recipients/{user_id}"] = USER
end

local function places(ids)
  local station = made("/api/admin/stations", { name = "HIDDEN" })
  ids["/api/admin/stations/{id}"] = station.id
  wallets.token(TAG, USER)
  ids["/api/admin/tokens/{id_tag}"] = TAG
  put("/api/admin/stations/" .. station.id .. "/tokens/" .. TAG, { rule = "allow" })
  ids["/api/admin/stations/{id}/tokens/{id_tag}"] = TAG
  local row = made("/api/admin/chargers", { charge_point_id = POINT, station_id = station.id, vendor = "HIDDEN" })
  ids["/api/admin/chargers/{id}"] = row.id
  for _, path in ipairs { "/api/charge-points", "/api/logs", "/connections" } do
    ids[path .. "/{charge_point_id}"] = POINT
  end
  put("/api/admin/chargers/" .. row.id .. "/connectors/1", { max_power_w = 22000 })
  ids["/api/admin/chargers/{id}/connectors/{connector_id}"] = 1
  ids["/api/admin/operators/{id}"] = "default"
  return "/api/admin/chargers/" .. row.id
end

local function money(ids, cp)
  local tariff = wallets.tariff { price_per_kwh_minor = 30, tax_percent = 19 }
  ids["/api/admin/tariffs/{id}"] = tariff.id
  local wallet = wallets.make(USER, 10000, { low_balance_minor = 9999 })
  ids["/api/admin/wallets/{id}"] = wallet.id
  put("/api/admin/invoices/issuer", { legal_name = "HIDDEN", address = { "Here" }, tax_id = "DE1", receipts = true })
  local transaction = wallets.session(cp, TAG, 5000)
  ids["/api/admin/transactions/{id}"] = transaction
  ids["/api/transactions/{id}"] = transaction
  ids["/api/admin/transactions/{id}/running"] = cp:start({ connector = 2, id_tag = TAG, meter_start = 0 }).id
  wallets.bill(transaction)
  local invoice = made("/api/admin/invoices", { transaction_id = transaction })
  ids["/api/admin/invoices/{id}"], ids["/users/{id}/invoices/{invoice_id}"] = invoice.id, invoice.id
  local payment = stripe.checkout(USER, 1000).body.id
  ids["/api/admin/payments/{id}"], ids["/users/{id}/payments/{payment_id}"] = payment, payment
end

local function told(ids, receiver)
  local subscription = made("/api/admin/subscriptions", { channel = "webhook", target = receiver.url .. "/HIDDEN", events = { "*" },
    secret = "whsec_HIDDEN0123456789" })
  ids["/api/admin/subscriptions/{id}"], ids["/api/admin/webhooks/{id}"] = subscription.id, subscription.id
  ids["/api/admin/deliveries/{id}"] = made("/api/admin/subscriptions/" .. subscription.id .. "/test", {}).delivery_id
  put("/api/admin/notification-gateways/sms", { url = receiver.url, method = "POST", body = "HIDDEN {{text}}", body_type = "text", secret = "HIDDEN" })
  ids["/api/admin/notification-gateways/{channel}"] = "sms"
  put("/api/admin/notification-templates/en", { source = "-- HIDDEN\nfunction render(n) return nil end" })
  ids["/api/admin/notification-templates/{language}"] = "en"
  ids["/api/admin/transfer/hosts/{id}"] = made("/api/admin/transfer/hosts", { host = "hidden.example.com", private = true }).id
end

local function rules(ids)
  made("/api/admin/scripts", { scripts = { { name = "main", source = "-- HIDDEN" } } })
  ids["/api/admin/scripts/{id}"] = only("/api/admin/scripts").id
  ids["/api/admin/scripts/{id}/versions/{version}"] = 1
  ids["/api/admin/quirk-rules/{id}"] = made("/api/admin/quirk-rules", { name = "HIDDEN", model = "HIDDEN" }).id
  ids["/api/admin/quirk-scripts/{id}"] = made("/api/admin/quirk-scripts", { name = "hidden", source = "-- HIDDEN\nfunction normalize(m) return m end" }).id
end

local function of_profiles(ids, base, cp)
  local file = made("/api/admin/files?name=HIDDEN.bin", "HIDDEN")
  ids["/api/admin/files/{id}"] = file.id
  local later = { if_offline = "queue", wait_s = 0, location = "http://HIDDEN.example/" }
  made(base .. "/update-firmware", later)
  ids["/api/admin/firmware-jobs/{id}"] = only("/api/admin/firmware-jobs").id
  made(base .. "/get-diagnostics", later)
  ids["/api/admin/diagnostics-jobs/{id}"] = only("/api/admin/diagnostics-jobs").id
  local all = { charge_point_ids = { POINT } }
  ids["/api/admin/firmware-campaigns/{id}"] = made("/api/admin/firmware-campaigns", { name = "HIDDEN", selection = all, from_at = "2099-01-01T00:00:00Z",
    location = "http://HIDDEN.example/" }).id
  ids["/api/admin/bulk-commands/{id}"] = made("/api/admin/bulk-commands", { action = "ClearCache", selection = all }).id
  ids["/api/admin/commands/{id}"] = made(base .. "/commands", { action = "ClearCache" }).id
  ids["/api/admin/chargers/{id}/reservations/{reservation_id}"] = made(base .. "/reservations", { connector_id = 1, id_tag = TAG,
    expires_in_s = 3600 }).reservation_id
  made(base .. "/charging-profiles", { connector_id = 1, charging_profile = { stackLevel = 0, chargingProfilePurpose = "TxDefaultProfile",
    chargingProfileKind = "Relative", chargingSchedule = { chargingRateUnit = "A", chargingSchedulePeriod = { { startPeriod = 0, limit = 6 } } } } })
  ids["/api/admin/chargers/{id}/charging-profiles/{charging_profile_id}"] = only(base .. "/charging-profiles").charging_profile_id
  cp:demand("SignCertificate", { csr = "-----BEGIN HIDDEN-----" })
  ids["/api/admin/certificates/{id}"] = only("/api/admin/certificates").id
  made(base .. "/get-log", { log_type = "SecurityLog", location = "http://HIDDEN.example/", wait_s = 0 })
  ids["/api/admin/security-jobs/{id}"] = only("/api/admin/security-jobs").id
  ids["/api/admin/tasks/{id}"] = only("/api/admin/tasks").id
end

-- The ids, by their paths as /openapi.json has them.
return function()
  local ids = {}
  stripe.gateway()
  local receiver = http_server { answer = function() return { status = 200 } end }
  people(ids)
  local base = places(ids)
  local cp = charger { id = POINT, silent = true }
  cp:connect()
  cp:boot()
  money(ids, cp)
  told(ids, receiver)
  rules(ids)
  of_profiles(ids, base, cp)
  return ids
end

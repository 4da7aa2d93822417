-- Another operator's ids inside of bodies: what is named there must be the caller's own, as if the other's were not there. And it is as
-- it was for whose they are.
settings { config = {
  users = { scrypt_log_n = 10 }, rest = { per_key = 0, per_address = 0 }, payments = { check_every = "1h" }, transfer = { allow = "127.0.0.1" },
} }
local table_of = require "route_table"
local routes = table_of.all()
local spec = http.get("/openapi.json", nil, { key = false }).body
local theirs = require "every_object"()
local USER, TAG, POINT = theirs["/users/{id}"], theirs["/api/admin/tokens/{id_tag}"], theirs["/connections/{charge_point_id}"]
local STATION, CHARGER, TARIFF = theirs["/api/admin/stations/{id}"], theirs["/api/admin/chargers/{id}"], theirs["/api/admin/tariffs/{id}"]
local FILE, TRANSACTION = theirs["/api/admin/files/{id}"], theirs["/api/admin/transactions/{id}"]

equal(http.post("/api/admin/operators", { id = "other", name = "Other", currency = "EUR" }).status, 201)
local key = http.post("/api/admin/keys", { name = "other", role = "operator", operator_id = "other" }).body.key
local function ask(method, path, body)
  return http { method = method, path = path, body = body, key = key, timeout = 20 }
end
local function make(path, body)
  local made = ask("POST", path, body)
  equal(made.status, 201, path .. ": " .. made.text)
  return made.body
end

log "what the caller has itself"
local station = make("/api/admin/stations", { name = "Mine" })
local row = make("/api/admin/chargers", { charge_point_id = "MINE", station_id = station.id })
local base = "/api/admin/chargers/" .. row.id
make("/api/admin/tokens", { id_tag = "MINE", user_id = "me" })
local wallet = make("/api/admin/wallets", { user_id = "me", currency = "EUR" })
local tariff = make("/api/admin/tariffs", { name = "Mine", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 1 } })
local hook = make("/api/admin/subscriptions", { channel = "webhook", target = "https://hooks.example/", events = { "*" }, secret = "whsec_0123456789abcdef0123456789abcdef" })
local cp = charger { id = "MINE" }
cp:connect()
cp:boot()
local session = require "wallets".session(cp, "MINE", 1000)

-- What differs for the owner must not; but for what tells the time.
local function owners()
  local seen = {}
  for _, path in ipairs { "/api/admin/stations", "/api/admin/chargers", "/api/admin/tokens", "/api/admin/wallets", "/api/admin/tariffs/" .. TARIFF .. "/assignment",
    "/api/admin/tariffs", "/api/admin/invoices", "/api/admin/firmware-campaigns", "/api/admin/bulk-commands", "/api/admin/subscriptions", "/api/admin/users",
    "/api/admin/files", "/api/admin/transactions", "/api/admin/scripts", "/api/admin/quirk-rules" } do
    local mark = path:find("?", 1, true) and "&" or "?"
    local answer = http.get(path .. (path:find "assignment" and "" or mark .. "limit=500"))
    local rows = {}
    for _, item in ipairs(answer.body.items or {}) do
      if item.operator_id ~= "other" then
        rows[#rows + 1] = json.encode(item):gsub('"last_[a-z_]+":[^,}]*', "")
      end
    end
    seen[path] = table.concat(rows, "\n")
  end
  return seen
end
eventually(function() return http.get("/api/admin/bulk-commands").body.items[1].state == "done" end)
local before = owners()

local failures = {}
-- Refused, with nothing of the other's in it.
local function refuse(method, path, body)
  local answer = ask(method, path, body)
  local name = ("%s %s %s: %d %s"):format(method, path, json.encode(body), answer.status, answer.text:sub(1, 200))
  if answer.text:find("HIDDEN", 1, true) then
    failures[#failures + 1] = name .. ": it leaks"
  elseif answer.status < 400 or answer.status >= 500 then
    failures[#failures + 1] = name .. ": it is taken"
  elseif #(answer.body.detail or "") == 0 then
    failures[#failures + 1] = name .. ": it says not why"
  end
end

-- Of such a selection there is no charger: by the answer, or by what it has made.
local function none(path, body)
  local answer = ask("POST", path, body)
  local name = ("%s %s: %d %s"):format(path, json.encode(body), answer.status, answer.text:sub(1, 300))
  local made = answer.body
  if answer.status < 400 and made.bulk_command then
    made = ask("GET", "/api/admin/bulk-commands/" .. made.bulk_command).body
  end
  local total = made.total or (made.chargers and made.chargers.total)
  if answer.text:find("HIDDEN", 1, true) then
    failures[#failures + 1] = name .. ": it leaks"
  elseif answer.status >= 500 or (answer.status < 400 and total ~= 0) then
    failures[#failures + 1] = name .. ": it finds " .. tostring(total)
  end
end

log "chargers, stations, files"
refuse("POST", "/api/admin/chargers", { charge_point_id = "NEW", station_id = STATION })
refuse("POST", "/api/admin/chargers", { charge_point_id = POINT })
refuse("PUT", base, { station_id = STATION })
refuse("POST", base .. "/remote-stop", { transaction_id = TRANSACTION })
refuse("POST", base .. "/update-firmware", { file_id = FILE })
refuse("POST", base .. "/signed-update-firmware", { file_id = FILE })
for _, selection in ipairs { { station_id = STATION }, { charge_point_ids = { POINT } } } do
  none("/api/admin/bulk-commands", { action = "ClearCache", selection = selection })
  none("/api/admin/firmware-campaigns", { name = "x", selection = selection, location = "http://a.example/", from_at = "2099-01-01T00:00:00Z" })
  none("/api/admin/operators/other/authorization/clear-cache", { chargers = selection })
end
refuse("POST", "/api/admin/firmware-campaigns", { name = "x", selection = { charge_point_ids = { "MINE" } }, file_id = FILE, from_at = "2099-01-01T00:00:00Z" })

log "users and their money"
refuse("POST", "/api/admin/tokens", { id_tag = "NEW", user_id = USER })
refuse("PUT", "/api/admin/tokens/MINE", { status = "accepted", user_id = USER })
refuse("POST", "/api/admin/wallets", { user_id = USER, currency = "EUR" })
refuse("POST", "/api/admin/wallets/" .. wallet.id .. "/refunds", { amount_minor = 1, transaction_id = TRANSACTION })
refuse("POST", "/api/admin/subscriptions", { channel = "webhook", target = "https://hooks.example/", events = { "*" }, user_id = USER, operator_id = "default" })
refuse("POST", "/api/admin/invoices", { transaction_id = TRANSACTION })
refuse("POST", "/api/admin/invoices", { user_id = USER, month = "2026-10" })
refuse("POST", "/api/admin/keys", { name = "x", role = "user", operator_id = "default", user_id = USER })
refuse("PUT", "/api/admin/invoices/recipients/" .. USER, { name = "x" })
refuse("POST", "/api/admin/transactions/" .. session .. "/bill", { user_id = USER })

log "tariffs"
refuse("PUT", "/api/admin/tariffs/" .. tariff.id .. "/assignment", { station_id = STATION })
refuse("PUT", "/api/admin/tariffs/" .. tariff.id .. "/assignment", { charger_id = CHARGER })
refuse("POST", "/api/admin/tariffs/diff", { tariff_id = TARIFF })
refuse("POST", "/api/admin/tariffs/try", { tariff_id = TARIFF, transaction_id = TRANSACTION })
refuse("POST", "/api/admin/tariffs/try", { tariff_id = tariff.id, transaction_id = TRANSACTION })

log "the other operator by name, wherever a body may name one"
local named = 0
for _, route in ipairs(routes) do
  local request = spec.paths[route.path][route.method:lower()].requestBody
  local content = request and request.content["application/json"]
  local properties = content and table_of.resolve(spec, content.schema).properties or {}
  if properties.operator_id and route.roles and route.roles.operator then
    named = named + 1
    route.body.operator_id = "default"
    refuse(route.method, (route.path:gsub("/users/{id}", "/users/me"):gsub("{.-}", "me")), route.body)
  end
end
check(named > 10, named)

log "as it was"
local after = owners()
for path, text in pairs(before) do
  if after[path] ~= text then
    failures[#failures + 1] = path .. " has changed\n  from " .. text:sub(1, 400) .. "\n  to   " .. after[path]:sub(1, 400)
  end
end
equal(ask("GET", "/api/admin/subscriptions/" .. hook.id).status, 200)
check(#failures == 0, "\n" .. table.concat(failures, "\n"))

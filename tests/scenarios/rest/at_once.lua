-- Changes of one thing that are made at once: a PUT changes what it names, and undoes nothing that others change in the same moment.
local ROUNDS = 8

local function made(path, body)
  local answer = http.post(path, body)
  equal(answer.status, 201, answer.text)
  return answer.headers.location
end

-- A route's thing as it is in a round: of some that a PUT makes, each round has a new one.
local function same(path)
  return function() return path end
end

local function new_station(suffix)
  return function(round)
    return made("/api/admin/stations", { name = "S" .. round }) .. suffix
  end
end

made("/api/admin/chargers", { charge_point_id = "CP1" })
made("/api/admin/tokens", { id_tag = "T1" })
made("/api/admin/users", { id = "anna", name = "Anna", role = "user" })
made("/api/admin/operators", { id = "other", name = "Other" })
made("/api/admin/wallets", { user_id = "anna", currency = "EUR" })
local tariff = made("/api/admin/tariffs", { name = "T", currency = "EUR", bundled = "flat", settings = { price_per_kwh_minor = 10 } })
local hook = made("/api/admin/subscriptions", { channel = "webhook", target = "https://example.com/", events = { "*" } })
local mail = made("/api/admin/subscriptions", { channel = "email", target = "a@example.com", events = { "*" } })
local wallet_of = "/api/admin/users/anna/wallet"

-- By route: its thing, and members of it with what they become from round to round.
local changes = {
  ["/api/admin/stations/{id}"] = { same(made("/api/admin/stations", { name = "S" })), name = { "A", "B" }, address = { "1 Street", "2 Street" } },
  ["/api/admin/chargers/{id}"] = { same "/api/admin/chargers/1", registration = { "rejected", "accepted" }, validation = { "lenient", "strict" } },
  ["/api/admin/tokens/{id_tag}"] = { same "/api/admin/tokens/T1", status = { "blocked", "accepted" }, note = { "x", "y" } },
  ["/api/admin/users/{id}"] = { same "/api/admin/users/anna", state = { "disabled", "active" }, name = { "Anne", "Anna" }, language = { "de", "en" } },
  ["/api/admin/operators/{id}"] = { same "/api/admin/operators/other", state = { "disabled", "active" }, name = { "One", "Two" },
    time_zone = { "Europe/Oslo", "UTC" } },
  ["/api/admin/quirk-rules/{id}"] = { same(made("/api/admin/quirk-rules", { name = "r", vendor = "V" })), name = { "a", "b" }, vendor = { "W", "V" } },
  ["/api/admin/tariffs/{id}"] = { same(tariff), name = { "T1", "T2" }, active = { false, true }, settings = { { price_per_kwh_minor = 20 },
    { price_per_kwh_minor = 30 } } },
  ["/api/admin/wallets/{id}"] = { same "/api/admin/wallets/1", credit_limit_minor = { 1, 2 }, low_balance_minor = { 3, 4 } },
  ["/api/admin/users/{id}/wallet"] = { same(wallet_of), credit_limit_minor = { 1, 2 }, low_balance_minor = { 3, 4 } },
  ["/api/admin/subscriptions/{id}"] = { same(mail), target = { "b@example.com", "a@example.com" }, language = { "de", "en" } },
  ["/api/admin/webhooks/{id}"] = { same((hook:gsub("subscriptions", "webhooks"))), target = { "https://example.com/a", "https://example.com/b" },
    active = { false, true } },
  ["/api/admin/operators/{id}/authorization"] = { function(round)
    return made("/api/admin/operators", { id = "o" .. round, name = "O" }) .. "/authorization"
  end, unknown = { "accept", "invalid" }, max_active = { 2, 3 } },
  ["/api/admin/stations/{id}/authorization"] = { new_station "/authorization", access = { "listed", "open" }, unknown = { "accept", "invalid" } },
  ["/api/admin/invoices/issuer"] = { same "/api/admin/invoices/issuer", legal_name = { "A", "B" }, tax_id = { "1", "2" }, receipts = { true, false } },
  ["/api/admin/invoices/recipients/{user_id}"] = { function(round) return "/api/admin/invoices/recipients/u" .. round end, name = { "A", "B" },
    address = { { "Here" }, { "There" } }, tax_id = { "1", "2" } },
  ["/api/admin/notification-gateways/{channel}"] = { function()
    local path = "/api/admin/notification-gateways/sms"
    equal(http.put(path, { url = "https://c.example/", method = "GET" }).status, 200)
    return path
  end, url = { "https://a.example/", "https://b.example/" }, method = { "POST", "PUT" }, body = { "a", "b" } },
  ["/api/admin/chargers/{id}/connectors/{connector_id}"] = { function(round)
    return "/api/admin/chargers/1/connectors/" .. round
  end, type = { "CHADEMO", "IEC_62196_T2" }, max_power_w = { 50000, 22000 }, read = function(path)
    return http.get("/api/admin/chargers/1/connectors").body.items[tonumber(path:match "%d+$")]
  end },
}

-- What a PUT of these writes is all that they are, so that the later one holds.
local whole = {
  "/api/admin/notification-templates/{language}",
  "/api/admin/quirk-scripts/{id}", "/api/admin/tariffs/{id}/assignment", "/api/admin/stations/{id}/tokens/{id_tag}",
  "/api/admin/chargers/{id}/local-list", "/api/admin/stations/{id}/local-list", "/files/{token}", "/files/{token}/{name}",
}
for _, path in ipairs(whole) do
  changes[path] = {}
end

for path, operations in pairs(http.get("/openapi.json").body.paths) do
  check(not operations.put or changes[path], "PUT %s is in neither list", path)
end

for path, change in pairs(changes) do
  log(path)
  for round = 1, change[1] and ROUNDS or 0 do
    local at, wanted, tasks = change[1](round), {}, {}
    for member, values in pairs(change) do
      if type(values) == "table" then
        wanted[member] = values[round % 2 + 1]
        tasks[#tasks + 1] = function()
          local answer = http.put(at, { [member] = wanted[member] })
          equal(answer.status, 200, answer.text)
        end
      end
    end
    parallel(table.unpack(tasks))
    matches(change.read and change.read(at) or http.get(at).body, wanted)
  end
end

log "what is refused for another reason is still told so"
equal(http.put("/api/admin/chargers/1", { station_id = 999999 }).status, 422)
made("/api/admin/users", { id = "root", name = "Root", role = "admin" })
equal(http.put("/api/admin/users/root", { state = "disabled" }).status, 409)
local operator = http.put("/api/admin/invoices/issuer?operator_id=nobody", { legal_name = "X" })
equal(operator.status, 422, operator.text)

log "with If-Match the change is of that version or none"
local old = { headers = { ["If-Match"] = '"2020-01-01T00:00:00.000Z"' } }
for path, change in pairs(changes) do
  if change[1] then
    local at = change[1](ROUNDS + 1)
    local member = next(change, 1)
    member = member ~= "read" and member or next(change, member)
    local answer = http.put(at, { [member] = change[member][1] }, old)
    equal(answer.status, 412, path .. ": " .. answer.text)
  end
end

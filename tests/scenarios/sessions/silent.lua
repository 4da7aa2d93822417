-- Sessions that tell nothing are looked at by the clock; a price by time grows on. Another operator's are not there.
settings { config = { wallet = { hold_minor = 100 }, sessions = { every = "60s", silent_every = "1s", stop_again = "300ms" } } }
local wallets = require "wallets"

seed.charger "SS1"
wallets.token("ANNA", "anna")
local anna = wallets.make("anna", 500)
local made = http.post("/api/admin/tariffs", { name = "By time", currency = "EUR", source = [[
function price(session)
  local lines = {}
  tariff.add(lines, "time", "Time", session.duration_s, "s", 200)
  return tariff.bill(session, lines)
end]] })
equal(made.status, 201, made.text)
equal(http.put("/api/admin/tariffs/" .. made.body.id .. "/assignment", {}).status, 200)

local cp = charger { id = "SS1" }
cp:connect()
cp:boot()
local s = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
equal(s.status, "Accepted")
cp:expect { action = "RemoteStopTransaction" }
local cut = eventually(function() return http.get("/api/admin/cut-offs?transaction=" .. s.id).body.items[1] end)
equal(cut.cut_off_by, "wallet")
check(cut.price_so_far.amount_minor >= 500 and cut.price_so_far.amount_minor < 1200, show(cut))
local bill = eventually(function()
  local b = http.get("/api/admin/transactions/" .. s.id .. "/bill").body
  return (b.amount or json.null) ~= json.null and b
end)
equal(bill.amount.amount_minor, 500)
equal(bill.state, bill.owed.amount_minor > 0 and "unbilled" or "billed")

log "another operator sees nothing of it"
server.sql "insert into operators (id, name, created_at) values ('north', 'North', '2026-01-01T00:00:00.000Z')"
local north = http.post("/api/admin/keys", { name = "north", role = "operator", operator_id = "north" }).body.key
local function get(path) return wallets.get(path, north) end
equal(get("/api/admin/transactions/" .. s.id .. "/running").status, 404)
equal(get("/api/admin/transactions/" .. s.id .. "/bill").status, 404)
equal(http.post("/api/admin/transactions/" .. s.id .. "/bill", {}, { key = north }).status, 404)
equal(#get("/api/admin/cut-offs").body.items, 0)
equal(#get("/api/admin/bills").body.items, 0)
matches(get("/api/admin/wallets/reconciliation").body, { ok = true, ledgers = function(list) return #list == 0 end })
equal(http.post("/api/admin/wallets/" .. anna.id .. "/refunds", { transaction_id = s.id, reason = "x" }, { key = north }).status, 404)
equal(http.post("/api/admin/wallets", { user_id = "anna", currency = "EUR", operator_id = "default" }, { key = north }).status, 403)
equal(http.post("/api/admin/wallets", { user_id = "anna", currency = "SEK" }, { key = north }).body.operator_id, "north")
equal(http.get("/api/admin/users/anna/wallet").status, 409, "both have an anna")
equal(http.get("/api/admin/users/anna/wallet?operator_id=default").body.id, anna.id)
equal(get("/api/admin/users/anna/wallet").body.currency, "SEK")

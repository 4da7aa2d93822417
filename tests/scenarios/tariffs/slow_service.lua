-- A tariff that asks a server which does not answer, for many sessions at once, keeps nobody else waiting for a price.
settings { config = { transfer = { allow = "127.0.0.1" }, tariffs = { price_timeout = "45s" } } }
local wallets = require "wallets"

wallets.tariff { price_per_kwh_minor = 100 }
local silent = http_server {
  answer = function()
    wait(60)
    return { status = 200 }
  end,
}
equal(http.post("/api/admin/operators", { id = "slow", name = "Slow" }).status, 201)
local asking = http.post("/api/admin/tariffs", { operator_id = "slow", name = "Asking", currency = "EUR", source = [[
function price(session)
  if session.energy_wh == 4711 then
    busbar.transfer.http { url = "]] .. silent.url .. [[/price", timeout_s = 45 }
  end
  return tariff.bill(session, {})
end]] })
equal(asking.status, 201, asking.text)
equal(http.put("/api/admin/tariffs/" .. asking.body.id .. "/assignment", json.decode "{}").status, 200)

seed.charger { charge_point_id = "SLOW", operator_id = "slow" }
equal(http.post("/api/admin/tokens", { id_tag = "SLOW", operator_id = "slow" }).status, 201)
seed.charger "QUICK"
seed.token "QUICK"
local function charge(id, count, energy_wh)
  local cp, last = charger { id = id, silent = true }, nil
  cp:connect()
  cp:boot()
  for _ = 1, count do
    last = cp:start { connector = 1, id_tag = id, meter_start = 0 }
    last:stop { meter_stop = energy_wh }
  end
  return last.id
end

charge("SLOW", 40, 4711)
local quick = charge("QUICK", 1, 1000)
eventually(function() return http.get("/api/admin/transactions/" .. quick).body.price_state == "priced" end, 25)

-- An operator's own rule for running sessions, by a script; one that fails stops nobody and keeps no wallet from its turn.
settings { config = { sessions = { every = "1s", silent_every = "1s" } } }
local scripts, wallets = require "scripts", require "wallets"

seed.charger "SP1"
seed.token "FREE"
wallets.token("ANNA", "anna")
local anna = wallets.make("anna", 500)
wallets.tariff { price_per_kwh_minor = 100 }
local cp = charger { id = "SP1", connectors = 2 }
cp:connect()
cp:boot()
local function script(text)
  scripts.push { main = text }
end
local function cut_off(id)
  return http.get("/api/admin/cut-offs?transaction=" .. id).body.items[1]
end

log "by energy, and by who it says it is"
script [[
function tick(session)
  if session.energy_wh >= 20000 then
    return { cut_off = true, reason = "20 kWh are enough for " .. session.id_tag, by = "fair use" }
  end
  return nil
end]]
local s = cp:start { connector = 1, id_tag = "FREE", meter_start = 0 }
s:meter { energy_wh = 20000, power_w = 11000 }
cp:expect { action = "RemoteStopTransaction" }
matches(eventually(function() return cut_off(s.id) end), { cut_off_by = "fair use", reason = "20 kWh are enough for FREE", user_id = json.null,
  price_so_far = { amount_minor = 2000, currency = "EUR" } })

log "it sees what a session is about"
script [[
function tick(q)
  local ok = q.transaction_id and q.operator_id == "default" and q.charger.charge_point_id == "SP1" and q.connector_id == 2
    and q.user_id == "anna" and q.started_at and q.duration_s >= 0 and q.power_w == 3000 and q.price_so_far_minor == 100
    and q.currency == "EUR" and q.balance_minor == 500 and q.lines[1].kind == "energy"
  local own = busbar.wallet.balance(q.user_id)
  ok = ok and own.balance_minor == 500 and own.currency == "EUR" and own.mode == "prepaid" and own.available_minor == 0
    and busbar.wallet.balance("nobody") == nil and not pcall(busbar.wallet.balance, 7)
  return { cut_off = ok and true or false, next_s = 1 }
end]]
local two = cp:start { connector = 2, id_tag = "ANNA", meter_start = 0 }
two:meter { energy_wh = 1000, power_w = 3000 }
cp:expect { action = "RemoteStopTransaction" }
matches(eventually(function() return cut_off(two.id) end), { cut_off_by = "policy", reason = json.null })
wallets.bill_when(two.id, "billed")

log "a script that fails, or answers nonsense, is passed over: the wallet has its say"
for i, text in ipairs { "function tick() error 'oh dear' end", "function tick() return { cut_off = 'yes' } end" } do
  script(text)
  local bad = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
  bad:meter { energy_wh = 300 }
  scripts.failed("tick", i)
  equal(cut_off(bad.id), nil)
  bad:stop { meter_stop = 300 }
  wallets.bill_when(bad.id, "billed")
end
local last = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
last:meter { energy_wh = 5000 }
matches(eventually(function() return cut_off(last.id) end), { cut_off_by = "wallet" })

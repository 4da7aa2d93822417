-- What was billed is given back, in parts or as a whole, never more; and a price that is corrected later.
settings { config = { ocpp16_core = { reconcile_after = "1s", reconcile_every = "200ms" } } }
local wallets = require "wallets"

seed.charger "WR1"
wallets.token("ANNA", "anna")
wallets.token("BEN", "ben")
wallets.tariff { price_per_kwh_minor = 100, tax_percent = 19 }
local anna, ben = wallets.make("anna", 5000), wallets.make("ben", 5000)
local cp = charger { id = "WR1" }
cp:connect()
cp:boot()
local path = "/api/admin/wallets/" .. anna.id .. "/refunds"
local function refund(body)
  body.reason = body.reason or "no power"
  return http.post(path, body)
end

local id = wallets.session(cp, "ANNA", 10000)
wallets.bill_when(id, "billed")
equal(wallets.balance(anna), 5000 - 1190)

log "a part, with its part of the tax"
equal(http.post(path, { transaction_id = id }).status, 422)
equal(refund({ transaction_id = 999 }).status, 404)
equal(refund({ transaction_id = id, amount_minor = 1191 }).status, 422)
local part = refund { transaction_id = id, amount_minor = 333, reference = "r1" }
matches(part, { status = 201, body = { kind = "refund", amount = { amount_minor = 333 }, transaction_id = id } })
local sums = {}
for _, e in ipairs(part.body.entries) do
  sums[e.account] = (sums[e.account] or 0) + e.amount.amount_minor
end
matches(sums, { wallet = 333, revenue = -280, tax = -53 })
equal(wallets.balance(anna), 5000 - 1190 + 333)
matches(wallets.bill(id), { state = "billed", refunded = { amount_minor = 333 } })

log "the same once more changes nothing"
local again = refund { transaction_id = id, amount_minor = 333, reference = "r1" }
equal(again.status, 200)
equal(again.body.journal_id, part.body.journal_id)
equal(refund({ transaction_id = id, amount_minor = 334, reference = "r1" }).status, 409)
equal(wallets.balance(anna), 5000 - 1190 + 333)

log "never more, by many at once"
local done, work = 0, {}
for i = 1, 12 do
  work[i] = function()
    local answer = refund { transaction_id = id, amount_minor = 100 }
    if answer.status == 201 then done = done + 1 end
    check(answer.status == 201 or answer.status == 409 or answer.status == 422, answer.text)
  end
end
parallel(table.unpack(work))
check(done >= 1 and done <= 8)
equal(wallets.balance(anna), 5000 - 1190 + 333 + 100 * done)

log "all that is left"
matches(refund { transaction_id = id, reference = "rest" }, { status = 201, body = { amount = { amount_minor = 1190 - 333 - 100 * done } } })
equal(refund({ transaction_id = id, reference = "rest" }).status, 200)
equal(refund({ transaction_id = id }).status, 422)
matches(wallets.bill(id), { state = "refunded", amount = { amount_minor = 1190 }, refunded = { amount_minor = 1190 } })
equal(wallets.balance(anna), 5000)
local tax = 0
for _, e in ipairs(http.get("/api/admin/wallets/" .. anna.id .. "/entries?account=tax&limit=500").body.items) do
  tax = tax + e.amount.amount_minor
end
equal(tax, 0)

log "only of what this wallet paid"
local other = wallets.session(cp, "BEN", 1000)
wallets.bill_when(other, "billed")
equal(refund({ transaction_id = other }).status, 422)

log "an end that was estimated, and the real one: a further posting, the old ones stay"
local s = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
s:meter { energy_wh = 2000 }
cp:boot()
local guess = eventually(function()
  local b = http.get("/api/admin/transactions/" .. s.id .. "/bill").body
  return b.state == "billed" and b
end)
equal(guess.amount.amount_minor, 238)
equal(wallets.balance(anna), 5000 - 238)
local old = wallets.entries(anna, "&transaction=" .. s.id)
equal(refund({ transaction_id = s.id, amount_minor = 38 }).status, 201)
s:stop { meter_stop = 3000 }
eventually(function()
  return wallets.bill(s.id).amount.amount_minor == 357
end)
equal(wallets.balance(anna), 5000 - 357 + 38)
local corrected = http.get("/api/admin/wallets/" .. anna.id .. "/entries?kind=correction&transaction=" .. s.id).body.items
equal(#corrected, 4)
local kept = wallets.entries(anna, "&kind=bill&transaction=" .. s.id)
matches(kept, old)

log "and one that costs less than was thought"
local less = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
less:meter { energy_wh = 5000 }
cp:boot()
wallets.bill_when(less.id, "billed")
local was = wallets.balance(anna)
equal(wallets.bill(less.id).amount.amount_minor, 595)
less:stop { meter_stop = 1000 }
eventually(function()
  return wallets.bill(less.id).amount.amount_minor == 119
end)
equal(wallets.balance(anna), was + 595 - 119)

log "but never below what was given back of it"
local given = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
given:meter { energy_wh = 5000 }
cp:boot()
wallets.bill_when(given.id, "billed")
equal(refund({ transaction_id = given.id, amount_minor = 300 }).status, 201)
given:stop { meter_stop = 1000 }
matches(wallets.bill_when(given.id, "refunded"), { amount = { amount_minor = 300 }, refunded = { amount_minor = 300 } })
equal(wallets.balance(anna), was + 595 - 119)

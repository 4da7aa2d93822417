-- The ledger says what the sessions say; whatever is broken in the database is found, row by row, over REST and by busbarctl.
settings { config = { ocpp16_core = { reconcile_after = "1s", reconcile_every = "200ms" } } }
local ctl, wallets = require "ctl", require "wallets"

seed.charger "WE1"
wallets.token("ANNA", "anna")
wallets.token("BEN", "ben")
wallets.tariff { price_per_kwh_minor = 100, tax_percent = 19 }
local anna = wallets.make("anna", 10000)
local cp = charger { id = "WE1" }
cp:connect()
cp:boot()
local function report()
  return http.get("/api/admin/wallets/reconciliation").body
end
log "a day: bills, a refund, a correction, what is owed, what has no wallet"
local first = wallets.session(cp, "ANNA", 10000)
wallets.bill_when(first, "billed")
equal(http.post("/api/admin/wallets/" .. anna.id .. "/refunds", { transaction_id = first, amount_minor = 100, reason = "r" }).status, 201)
equal(http.post("/api/admin/wallets/" .. anna.id .. "/adjustments", { amount_minor = -7, reason = "a" }).status, 201)
local of_ben = wallets.session(cp, "BEN", 1000)
wallets.bill_when(of_ben, "unbilled", "no_wallet")
local s = cp:start { connector = 1, id_tag = "ANNA", meter_start = 0 }
s:meter { energy_wh = 2000 }
cp:boot()
wallets.bill_when(s.id, "billed")
s:stop { meter_stop = 3000 }
eventually(function() return wallets.bill(s.id).amount.amount_minor == 357 end)
local big = wallets.session(cp, "ANNA", 100000)
wallets.bill_when(big, "unbilled", "insufficient_balance")
matches(report(), { ok = true, differences = {}, ledgers = { { operator_id = "default", currency = "EUR", sum_minor = 0,
  accounts_minor = { wallet = 0, cash = -10000, adjustments = 7 } } } })
equal(#report().differences, 0)
ctl.done("wallet reconcile", "is what the sessions say")

log "each thing that may be wrong is found, and only that"
local function broken(sql, mend, pattern, expected)
  server.sql(sql)
  local found = report()
  equal(found.ok, false, sql)
  ctl.refused("wallet reconcile", 1, pattern)
  local hit
  for _, d in ipairs(found.differences) do
    hit = hit or (d.what:find(pattern) and d)
  end
  check(hit, sql .. ": " .. show(found.differences))
  matches(hit, expected or {})
  server.sql(mend)
  local mended = report()
  check(mended.ok, mend .. ": " .. show(mended.differences))
end
local wallet = " where id = " .. anna.id
broken("update wallets set balance_minor = balance_minor + 5" .. wallet, "update wallets set balance_minor = balance_minor - 5" .. wallet,
  "balance is not the sum", { wallet_id = anna.id, expected_minor = 0, found_minor = 5 })
local entry = " where id = (select min(id) from wallet_entries where account = 'revenue')"
broken("update wallet_entries set amount_minor = amount_minor + 1" .. entry, "update wallet_entries set amount_minor = amount_minor - 1" .. entry,
  "do not add up to zero", { transaction_id = first, expected_minor = 0, found_minor = 1 })
local of_first = " where transaction_id = " .. first
broken("update bills set amount_minor = amount_minor + 3" .. of_first, "update bills set amount_minor = amount_minor - 3" .. of_first,
  "not what was posted", { transaction_id = first, expected_minor = 1190, found_minor = 1193 })
broken("update bills set refunded_minor = refunded_minor - 1" .. of_first, "update bills set refunded_minor = refunded_minor + 1" .. of_first,
  "given back", { transaction_id = first, expected_minor = 100, found_minor = 99 })
broken("update bills set tax_minor = tax_minor - 1" .. of_first, "update bills set tax_minor = tax_minor + 1" .. of_first, "tax", { transaction_id = first })
broken("update transactions set price_minor = 1200 where id = " .. first, "update transactions set price_minor = 1190 where id = " .. first,
  "not the session's price", { transaction_id = first, expected_minor = 1200, found_minor = 1190 })
broken("update transactions set price_state = 'none' where id = " .. first, "update transactions set price_state = 'priced' where id = " .. first,
  "without a price", { transaction_id = first })
broken("update transactions set currency = 'SEK' where id = " .. first, "update transactions set currency = 'EUR' where id = " .. first,
  "another currency", { transaction_id = first })
broken("update bills set state = 'unbilled', reason = null" .. of_first, "update bills set state = 'billed'" .. of_first,
  "neither billed nor unbilled", { transaction_id = first, expected_minor = 1190 })
broken("update wallet_journals set amount_minor = amount_minor - 1 where kind = 'adjustment'",
  "update wallet_journals set amount_minor = amount_minor + 1 where kind = 'adjustment'", "not what its entries give", { expected_minor = -8, found_minor = -7 })
broken("update wallet_journals set transaction_id = " .. big .. " where kind = 'refund'", "update wallet_journals set transaction_id = " .. first .. " where kind = 'refund'",
  "given back", {})

log "a session whose task was lost"
server.sql("create table kept as select * from bills where transaction_id = " .. first .. "; delete from bills" .. of_first)
local lost = report()
check(not lost.ok)
local words = {}
for _, d in ipairs(lost.differences) do
  equal(d.transaction_id, first)
  words[#words + 1] = d.what
end
matches(table.concat(words, "; "), function(text) return text:find "neither billed nor unbilled" and text:find "has no bill" end)
server.sql "insert into bills select * from kept"
equal(report().ok, true)

log "a session that was given up before it had a price"
local task = ([[ where name = 'price_transaction' and payload = '{"transaction_id":%d}']]):format(of_ben)
broken(("create table kept_too as select * from bills where transaction_id = %d; delete from bills where transaction_id = %d; "):format(of_ben, of_ben)
  .. ("update transactions set price_state = 'none' where id = %d; update tasks set state = 'dead'"):format(of_ben) .. task,
  ("insert into bills select * from kept_too; update transactions set price_state = 'priced' where id = %d; update tasks set state = 'done'"):format(of_ben) .. task,
  "given up before", { transaction_id = of_ben })

log "busbarctl"
ctl.done("wallet show anna", "EUR")
ctl.done("wallet topup anna 500 reference=ctl-1", "5.00 EUR")
ctl.done("wallet topup anna 500 reference=ctl-1")
ctl.refused("wallet topup anna 501 reference=ctl-1", 1, "posted before, otherwise")
ctl.refused("wallet topup anna five", 2, "five: is no whole number")
ctl.done("wallet entries anna account=cash", "ctl%-1")
ctl.done("wallet unbilled", "no_wallet")
ctl.done("wallet refund anna " .. first .. " amount_minor:=10 reason=late", "0.10 EUR")
ctl.refused("wallet refund anna " .. first .. " amount_minor:=5000 reason=late", 1, "more than the")
ctl.refused("wallet topup nobody 500", 1, "no such wallet")
ctl.refused("wallet nonsense", 2, "reconcile")
ctl.done("wallet add carl SEK mode=postpaid", "postpaid")
ctl.done("bills list state=billed", "11.90 EUR")
eventually(function() return report().ok end)

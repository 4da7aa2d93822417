-- A bill that another task has changed after it was looked at is looked at again, also where its amount seemed to be right. The other
-- task is a trigger, which SQLite lets run between the look and the write.
local wallets = require "wallets"
if server.engine ~= "sqlite" then
  return
end

seed.charger "WM1"
wallets.token("ANNA", "anna")
wallets.tariff { price_per_kwh_minor = 100 }
local anna = wallets.make("anna", 5000)
local cp = charger { id = "WM1" }
cp:connect()
cp:boot()
local id = wallets.session(cp, "ANNA", 5000)
wallets.bill_when(id, "billed")

server.sql(([[
create table meanwhile (yes integer); insert into meanwhile values (1);
create trigger other_task before insert on bills when exists (select 1 from meanwhile) begin
  delete from meanwhile;
  update bills set amount_minor = 700 where transaction_id = %d;
  update wallets set balance_minor = balance_minor - 200;
  insert into wallet_journals select 'other', operator_id, id, 'correction', 'other', currency, -200, balance_minor, %d, null, 'other', created_at from wallets;
  insert into wallet_entries (journal_id, operator_id, wallet_id, account, currency, amount_minor, at)
    select 'other', operator_id, id, 'wallet', currency, -200, created_at from wallets union all
    select 'other', operator_id, id, 'revenue', currency, 200, created_at from wallets;
end;
update transactions set priced_at = '%s';
insert into tasks (id, operator_id, name, payload, state, tries, run_at, created_at)
  values ('again', 'default', 'bill_transaction', '{"transaction_id":%d}', 'waiting', 0, '%s', '%s');]]):format(id, id, now(), id, now(), now()))
eventually(function()
  for _, task in ipairs(http.get("/api/admin/tasks").body.items) do
    if task.id == "again" then return task.state == "done" end
  end
end)
equal(wallets.bill(id).amount.amount_minor, 500)
equal(wallets.balance(anna), 4500)
check(http.get("/api/admin/wallets/reconciliation").body.ok)

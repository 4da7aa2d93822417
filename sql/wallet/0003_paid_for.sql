-- Whose session it is that the user of the bill has paid, where it is another one's; set with what is paid. For the invoices of who pays.
alter table bills add column paid_for text;
create index bills_paid_for on bills (operator_id, user_id, transaction_id) where paid_for is not null;

update bills set paid_for = (select t.user_id from transactions t where t.id = bills.transaction_id)
where (state <> 'unbilled' or amount_minor > 0)
  and exists (select 1 from transactions t where t.id = bills.transaction_id and t.user_id <> bills.user_id);

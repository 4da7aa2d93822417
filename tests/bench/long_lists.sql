-- A million of each thing that lists show, over 290 days, for the chargers of chargers.sql. Both engines read this, once there is the
-- table `n`: i from 1 on, and a time `at` for each. One of ten is of the operator `north`, some are rare.

insert into operators (id, name, created_at) values ('small', 'Small', '2026-01-01T00:00:00.000Z');

insert into messages (operator_id, charge_point_id, direction, kind, action, message_id, payload, correlation_id, at)
select case when i % 10 = 0 then 'north' else 'default' end, 'SIM' || ((i - 1) % 10000 + 1), case when i % 2 = 0 then 'out' else 'in' end,
       'call', case when i % 100000 = 1 then 'DiagnosticsStatusNotification' when i % 1000 = 1 then 'BootNotification' else 'MeterValues' end,
       'm' || i, '{"connectorId":1,"transactionId":4711,"meterValue":[]}', 'x' || i, at
from n;

insert into audit (at, actor, key_id, role, operator_id, method, path, route, status, remote, after_value)
select at, case when i % 1000 = 0 then 'rare' else 'key' || i % 7 end, 'k', 'admin', case when i % 10 = 0 then 'north' end, 'PUT',
       '/api/admin/chargers/' || i % 10000, '/api/admin/chargers/{id}', 200, '127.0.0.1', '{}'
from n;

insert into commands (id, operator_id, charge_point_id, action, payload, state, requested_by, created_at, deadline_at, sent_at, ended_at)
select 'c' || (100000000 + i), case when i % 10 = 0 then 'north' else 'default' end, 'SIM' || (i % 500 * 20 + 1),
       case when i % 1000 = 0 then 'Reset' else 'TriggerMessage' end, '{}',
       case when i % 100000 = 1 then 'queued' when i % 1000 = 1 then 'rejected' else 'accepted' end, 'k', at, at, at, at
from n;

insert into tasks (id, operator_id, name, payload, state, tries, run_at, created_at, ended_at)
select 't' || (100000000 + i), case when i % 10 = 0 then 'north' else 'default' end, case when i % 1000 < 2 then 'rare' else 'bill' || i % 3 end, '{}',
       case when i % 10000 = 1 then 'dead' when i % 100000 = 2 then 'waiting' else 'done' end, 1, at, at, at
from n;

insert into wallets (operator_id, user_id, currency, mode, credit_limit_minor, created_at, updated_at)
select case when i % 10 = 0 then 'north' else 'default' end, 'user' || i, 'EUR', 'postpaid', null, at, at from n where i <= 1000;

insert into wallet_journals (id, operator_id, wallet_id, kind, reference, currency, amount_minor, balance_after_minor, transaction_id, made_by, at)
select 'j' || (100000000 + i), case when i % 10 = 0 then 'north' else 'default' end, (i - 1) % 1000 + 1,
       case when i % 500 = 1 then 'refund' else 'bill' end, 'transaction/' || i, 'EUR', -500, 0, i, 'wallet', at
from n;

insert into wallet_entries (journal_id, operator_id, wallet_id, account, currency, amount_minor, at)
select j.id, j.operator_id, j.wallet_id, side.account, j.currency, side.sign * j.amount_minor, j.at
from wallet_journals j cross join (select 'wallet' as account, 1 as sign union all select 'revenue', -1) side order by j.id;

insert into bills (transaction_id, operator_id, user_id, wallet_id, state, reason, currency, amount_minor, priced_at, billed_at, created_at, updated_at)
select i, case when i % 10 = 0 then 'north' else 'default' end, 'user' || (i - 1) % 1000 + 1, (i - 1) % 1000 + 1,
       case when i % 1000 = 1 then 'unbilled' when i % 1000 = 2 then 'refunded' else 'billed' end,
       case when i % 10000 = 1 then 'no_wallet' when i % 1000 = 1 then 'insufficient_balance' end, 'EUR', 500, at, at, at, at
from n;

insert into subscriptions (operator_id, name, channel, target, events, filter, language, active, created_at, updated_at)
select case when i % 10 = 0 then 'north' else 'default' end, 'S' || i, 'webhook', 'https://example.net/' || i, '["*"]', '{}', 'en', 0, at, at
from n where i <= 100;

insert into notification_events (operator_id, event, event_key, user_id, data, at, created_at)
select case when i % 10 = 0 then 'north' else 'default' end, case when i % 1000 = 1 then 'wallet.low' else 'session.ended' end, 'session/' || i,
       'user' || i % 1000, '{}', at, at
from n;

insert into deliveries (operator_id, subscription_id, event_id, state, tries, next_at, status, test, created_at, ended_at)
select case when i % 10 = 0 then 'north' else 'default' end, (i - 1) % 100 + 1, i,
       case when i % 10000 = 1 then 'dead' else 'delivered' end, 1, at, 200, 0, at, at
from n;

insert into invoices (id, operator_id, kind, series, series_number, number, user_id, month, transaction_id, reference, currency, net_minor,
                      tax_minor, total_minor, issued_at, content)
select 'i' || (100000000 + i), case when i % 10 = 0 then 'north' else 'default' end,
       case when i % 1000 = 1 then 'credit_note' when i % 3 = 0 then 'invoice' else 'receipt' end, '2026-', i, '2026-' || (1000000 + i),
       'user' || i % 1000, substr(cast(at as text), 1, 7), i, 'r' || i, 'EUR', 400, 76, 476, at, '{}'
from n;

insert into invoice_sessions (transaction_id, invoice_id, amount_minor, priced_at)
select i, 'i' || (100000000 + i), 476, at from n where i % 1000 <> 1;

insert into events (at, operator_id, kind, event, charger_id, charge_point_id, station_id, connector_id, transaction_id, data)
select at, case when i % 10 = 0 then 'north' else 'default' end, case when i % 3 = 0 then 'transaction' else 'connector' end, 'connector.status',
       (i - 1) % 10000 + 1, 'SIM' || ((i - 1) % 10000 + 1), (i - 1) % 200 + 1, 1, i / 10, '{}'
from n;

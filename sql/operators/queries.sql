-- Operators.

-- name: operator_list
select id as cursor, id, name, time_zone, currency, state, created_at, coalesce(updated_at, created_at) as updated_at
from operators
where (cast($1 as text) is null or id = $1) and id > coalesce(cast($2 as text), '')
order by id limit $3;

-- name: operator_get
select id, name, time_zone, currency, state, created_at, coalesce(updated_at, created_at) as updated_at
from operators where id = $1 and (cast($2 as text) is null or id = $2);

-- name: operator_insert
insert into operators (id, name, time_zone, currency, created_at, updated_at)
select cast($1 as text), cast($2 as text), coalesce(cast($3 as text), 'UTC'), coalesce(cast($4 as text), 'EUR'),
       cast($5 as {{time}}), cast($5 as {{time}})
where not exists (select 1 from operators_gone where id = $1)
returning id;

-- name: operator_update
update operators set name = $2, time_zone = $3, currency = $4, state = $5, updated_at = cast($6 as {{time}})
where id = $1 and (cast($7 as {{time}}) is null or coalesce(updated_at, created_at) = cast($7 as {{time}}))
returning id, state;

-- name: operators_disabled
select id from operators where state = 'disabled' order by id;

-- name: operator_delete
delete from operators where id = $1 returning id;

-- name: operator_gone
insert into operators_gone (id, gone_at) values ($1, cast($2 as {{time}})) on conflict (id) do nothing;

-- What an operator $1 has, of those plugins that have tables here. Objects of a charger go with it, and are not asked for.

-- name: has_keys @with rest
select 'API keys' as thing where exists (select 1 from api_keys where operator_id = $1);

-- name: has_places @with chargers
select 'stations' as thing where exists (select 1 from stations where operator_id = $1)
union all select 'chargers' where exists (select 1 from chargers where operator_id = $1);

-- name: has_transactions @with transactions
select 'transactions' as thing where exists (select 1 from transactions where operator_id = $1);

-- name: has_tokens @with authorization
select 'tokens' as thing where exists (select 1 from tokens where operator_id = $1);

-- name: has_users @with users
select 'users' as thing where exists (select 1 from users where operator_id = $1);

-- name: has_tariffs @with tariffs
select 'tariffs' as thing where exists (select 1 from tariffs where operator_id = $1 and deleted_at is null);

-- name: has_wallets @with wallet
select 'wallets' as thing where exists (select 1 from wallets where operator_id = $1)
union all select 'bills' where exists (select 1 from bills where operator_id = $1);

-- name: has_payments @with payments
select 'payments' as thing where exists (select 1 from payments where operator_id = $1);

-- name: has_invoices @with invoices
select 'invoices' as thing where exists (select 1 from invoices where operator_id = $1)
union all select 'runs of invoices' where exists (select 1 from invoice_runs where operator_id = $1)
union all select 'parties of invoices' where exists (select 1 from invoice_parties where operator_id = $1);

-- name: has_scripts @with scripts
select 'scripts' as thing where exists (select 1 from scripts where operator_id = $1 and deleted = 0);

-- name: has_quirks @with quirks
select 'quirk rules' as thing where exists (select 1 from quirk_rules where operator_id = $1)
union all select 'quirk scripts' where exists (select 1 from quirk_scripts where operator_id = $1);

-- name: has_notifications @with notifications
select 'subscriptions' as thing where exists (select 1 from subscriptions where operator_id = $1)
union all select 'notification templates' where exists (select 1 from notification_templates where operator_id = $1)
union all select 'notification gateways' where exists (select 1 from notification_gateways where operator_id = $1);

-- name: has_files @with files
select 'files' as thing where exists (select 1 from files where operator_id = $1);

-- name: has_hosts @with transfer
select 'transfer hosts' as thing where exists (select 1 from transfer_hosts where operator_id = $1);

-- name: has_campaigns @with ocpp16_firmware
select 'firmware campaigns' as thing where exists (select 1 from firmware_campaigns where operator_id = $1);

-- name: has_bulk @with bulk
select 'bulk commands' as thing where exists (select 1 from bulk_commands where operator_id = $1);

-- What goes with an operator: traces of what was there, and settings that are of nothing else.

-- name: forget_commands
delete from commands where operator_id = $1;

-- name: forget_revisions @with authorization
delete from token_revisions where operator_id = $1;

-- name: forget_answers @with authorization
delete from token_answers where operator_id = $1;

-- name: forget_settings @with authorization
delete from authorization_settings where operator_id = $1;

-- name: forget_events @with notifications
delete from notification_events where operator_id = $1;

-- name: forget_values @with scripts
delete from script_values where operator_id = $1;

-- Removed tariffs and scripts, which were kept for transactions that name them.

-- name: forget_tariff_versions @with tariffs
delete from tariff_versions where tariff_id in (select id from tariffs where operator_id = $1 and deleted_at is not null);

-- name: forget_tariffs @with tariffs
delete from tariffs where operator_id = $1 and deleted_at is not null;

-- name: forget_items @with scripts
delete from script_activation_items where operator_id = $1;

-- name: forget_activations @with scripts
delete from script_activations where operator_id = $1;

-- name: forget_script_versions @with scripts
delete from script_versions where script_id in (select id from scripts where operator_id = $1 and deleted = 1);

-- name: forget_scripts @with scripts
delete from scripts where operator_id = $1 and deleted = 1;

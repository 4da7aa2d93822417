-- Which transactions stand in the way of another one of their token, or their group: those that run. One that waits for
-- reconciliation does not, so that its driver can charge elsewhere; one that was refused does only if it draws energy in spite of it.

create index transactions_active_by_group on transactions (lower(parent_id_tag)) where state = 'active';

create view counting_transactions as
select t.id, t.operator_id, t.charger_id, t.connector_id, lower(t.id_tag) as id_tag_key,
       lower(t.parent_id_tag) as group_key, t.started_at, t.received_at, t.flags
from transactions t
where t.state = 'active' and (t.token_status = 'Accepted' or t.meter_last_wh > t.meter_start_wh);

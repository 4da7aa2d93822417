-- A session that somebody else's wallet has paid is theirs to invoice, not its user's.
drop view invoice_candidates;

create view invoice_priced as
select t.id, t.operator_id, t.user_id, t.id_tag, t.connector_id, c.charge_point_id, s.name as station,
       coalesce(s.time_zone, o.time_zone) as time_zone, t.started_at, coalesce(t.stopped_at, t.ended_at) as stopped_at,
       t.energy_wh, t.currency, t.price_minor, t.priced_at
from transactions t
join chargers c on c.id = t.charger_id
join operators o on o.id = t.operator_id
left join stations s on s.id = c.station_id
where t.state = 'completed' and t.price_state = 'priced' and t.price_minor > 0;

create view invoice_candidates as
select t.id, t.operator_id, t.user_id, t.id_tag, t.connector_id, t.charge_point_id, t.station, t.time_zone, t.started_at,
       t.stopped_at, t.energy_wh, t.currency, t.price_minor, t.priced_at
from invoice_priced t
where not exists (select 1 from bills b where b.transaction_id = t.id and b.paid_for is not null)
union all
select t.id, t.operator_id, b.user_id, t.id_tag, t.connector_id, t.charge_point_id, t.station, t.time_zone, t.started_at,
       t.stopped_at, t.energy_wh, t.currency, t.price_minor, t.priced_at
from bills b join invoice_priced t on t.id = b.transaction_id where b.paid_for is not null;

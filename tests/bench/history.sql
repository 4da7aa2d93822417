-- A year of the chargers of chargers.sql, on PostgreSQL: 100 sessions of each, of an hour with ten meter values, and what analytics would have
-- noted of them, rolled up as its query does it. `scale`: how many sessions in all.
set session_replication_role = replica; -- set-wise below instead of by triggers, row for row

insert into transactions (operator_id, charger_id, connector_id, protocol, protocol_id, id_tag, user_id, token_status, state,
                          meter_start_wh, meter_stop_wh, energy_wh, started_at, stopped_at, received_at, ended_at, stop_reason,
                          start_key, price_state, currency, price_minor)
select c.operator_id, c.id, i % 2 + 1, 'ocpp1.6', i::text, 'TAG' || i % 5000, 'user' || i % 5000,
       case when i % 97 = 0 then 'Invalid' else 'Accepted' end, 'completed', 0, 5000 + i % 30000, 5000 + i % 30000, t.at,
       t.at + interval '1 hour', t.at, t.at + interval '1 hour', case when i % 53 = 0 then 'EmergencyStop' else 'Local' end,
       'k' || i, 'priced', 'EUR', 200 + i % 1500
from generate_series(1, :scale) as i
join chargers c on c.id = (i - 1) % 10000 + 1
cross join lateral (select date_trunc('hour', now()) - interval '365 days' + i * (interval '364 days' / :scale) as at) t;

insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source, energy_wh, power_w,
                          sample, sample_key, own_clock)
select t.operator_id, t.charger_id, t.connector_id, t.id, t.started_at + k * interval '6 minutes', t.started_at + k * interval '6 minutes',
       'meter_values', t.energy_wh * k / 10, t.energy_wh, '[]', t.id || '/' || k, 1
from transactions t cross join generate_series(1, 10) as k;

insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
select operator_id, charger_id, measure, unit, slot, n, total from analytics_all_parts;

-- The connector charges as long as the session runs.
insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
select t.operator_id, t.charger_id, 'charging', '', e.at / 900, e.n, e.n * e.at
from transactions t
cross join lateral (values (analytics_seconds(t.started_at), 1), (analytics_seconds(t.stopped_at), -1)) as e (at, n);

set work_mem = '1GB';
insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
select case when g.place = 'all' then '' else c.operator_id end as o,
       case g.place when 'charger' then c.charger_id when 'station' then -h.station_id else 0 end as r, c.measure, g.grain,
       c.slot / g.grain * g.grain as s, c.unit, sum(c.n), sum(c.total)
from analytics_changes c
join chargers h on h.id = c.charger_id
cross join analytics_grains g
group by o, r, c.measure, g.grain, s, c.unit;
truncate analytics_changes;
-- Most are there, a few are away.
update chargers set last_seen_at = now() + interval '1 day' where id % 50 <> 0;
vacuum analyze;

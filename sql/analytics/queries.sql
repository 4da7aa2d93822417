-- Rolling up: so many of the oldest changes ($1) at a time, in one unit. What comes to nothing is left out.

-- Of several nodes one does it, and none while a charger changes its station. The lock is a statement of its own so that the next one sees
-- all that was done under it.
-- name: roll_up_alone @postgres
select set_config('busbar.rolls_up', cast(pg_try_advisory_xact_lock(hashtext('busbar analytics')) as text), true);

-- name: roll_up_alone @sqlite
select 1;

-- name: roll_up @postgres
with taken as (
  delete from analytics_changes
  where id in (select id from analytics_changes order by id limit $1) and current_setting('busbar.rolls_up', true) = 'true'
  returning *)
insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
select case when g.place = 'all' then '' else c.operator_id end as o,
       case g.place when 'charger' then c.charger_id when 'station' then -h.station_id else 0 end as r, c.measure, g.grain,
       c.slot / g.grain * g.grain as s, c.unit, sum(c.n), sum(c.total)
from (select operator_id, charger_id, measure, unit, slot, sum(n) as n, sum(total) as total from taken
      group by operator_id, charger_id, measure, unit, slot having sum(n) <> 0 or sum(total) <> 0) c
left join chargers h on h.id = c.charger_id
join analytics_grains g on g.place <> 'station' or h.station_id is not null
group by o, r, c.measure, g.grain, s, c.unit
on conflict (operator_id, charger_id, measure, grain, slot, unit)
do update set n = analytics_sums.n + excluded.n, total = analytics_sums.total + excluded.total;

-- name: rolled_up @postgres
select 1 where cast($1 as bigint) < 0;

-- name: roll_up @sqlite
insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
select case when g.place = 'all' then '' else c.operator_id end as o,
       case g.place when 'charger' then c.charger_id when 'station' then -h.station_id else 0 end as r, c.measure, g.grain,
       c.slot / g.grain * g.grain as s, c.unit, sum(c.n), sum(c.total)
from (select operator_id, charger_id, measure, unit, slot, sum(n) as n, sum(total) as total
      from (select * from analytics_changes order by id limit $1)
      group by operator_id, charger_id, measure, unit, slot having sum(n) <> 0 or sum(total) <> 0) c
left join chargers h on h.id = c.charger_id
join analytics_grains g on g.place <> 'station' or h.station_id is not null
where true
group by o, r, c.measure, g.grain, s, c.unit
on conflict (operator_id, charger_id, measure, grain, slot, unit)
do update set n = analytics_sums.n + excluded.n, total = analytics_sums.total + excluded.total;

-- name: rolled_up @sqlite
delete from analytics_changes where id in (select id from analytics_changes order by id limit $1);

-- name: left_over
select 1 from analytics_changes limit 1;

-- Whose the sums are: the operator that a caller is of ($1), and the filters operator, station and charger ($2 to $4). A charger is
-- named by its charge_point_id, or by its id ($5). `charger_id` is as in analytics_sums.

-- name: zones
select distinct coalesce(s.time_zone, o.time_zone) as time_zone
from operators o
left join chargers c on c.operator_id = o.id and (c.charge_point_id = $4 or c.id = cast($5 as bigint))
left join stations s on s.operator_id = o.id and s.id = coalesce(cast($3 as bigint), c.station_id)
where (cast($1 as text) is null or o.id = $1) and (cast($2 as text) is null or o.id = $2)
  and (cast($3 as bigint) is null or s.id is not null)
  and (cast($4 as text) is null or c.id is not null)
limit 2;

-- name: operators
select id as key, id as operator_id, null as station_id, 0 as charger_id, null as charge_point_id
from operators
where (cast($1 as text) is null or id = $1) and (cast($2 as text) is null or id = $2)
  and cast($3 as bigint) is null and cast($4 as text) is null and cast($5 as bigint) is null
  and id >= coalesce(cast($6 as text), '')
order by id limit $7;

-- name: stations
select s.id as key, s.operator_id, s.id as station_id, case when cast($4 as text) is null then -s.id else c.id end as charger_id,
       null as charge_point_id
from (select id, operator_id from stations
      where (cast($1 as text) is null or operator_id = $1) and (cast($2 as text) is null or operator_id = $2)
        and (cast($3 as bigint) is null or id = cast($3 as bigint))
        and id >= coalesce(cast($6 as bigint), 0)
      order by id limit $7) s
left join chargers c on c.station_id = s.id and c.operator_id = s.operator_id and (c.charge_point_id = $4 or c.id = cast($5 as bigint))
order by s.id, c.id;

-- name: chargers
select c.id as key, c.operator_id, c.station_id, c.id as charger_id, c.charge_point_id
from chargers c
where (cast($1 as text) is null or operator_id = $1) and (cast($2 as text) is null or operator_id = $2)
  and (cast($3 as bigint) is null or station_id = cast($3 as bigint))
  and (cast($4 as text) is null or charge_point_id = $4 or id = cast($5 as bigint))
  and id >= coalesce(cast($6 as bigint), 0)
order by id limit $7;

-- What places ($1: [[row, operator_id, charger_id], ...]) have in pieces of time ($2: [[bucket, grain, slot, slot behind it], ...]) of up
-- to five measures. Chargers of which nothing was heard since $8 are offline.

-- name: sums @postgres
with places as materialized (
  select cast(v ->> 0 as bigint) as place, v ->> 1 as operator_id, cast(v ->> 2 as bigint) as charger_id
  from json_array_elements(cast($1 as json)) as v),
pieces as materialized (
  select cast(v ->> 0 as bigint) as bucket, cast(v ->> 1 as integer) as grain, cast(v ->> 2 as bigint) as slot,
         cast(v ->> 3 as bigint) as behind
  from json_array_elements(cast($2 as json)) as v),
away as materialized (
  select p.place, a.measure, a.second / 900 as slot, sum(a.connectors) as n, sum(a.connectors * a.second) as total
  from analytics_away a join places p on p.operator_id in ('', a.operator_id) and p.charger_id in (0, a.charger_id, -a.station_id)
  where a.measure in ($3, $4, $5, $6, $7) and a.since < cast($8 as {{time}})
  group by p.place, a.measure, a.second / 900)
select place, bucket, measure, unit, cast(sum(n) as bigint) as n, cast(sum(total) as bigint) as total
from (
  select p.place, t.bucket, s.measure, s.unit, s.n, s.total
  from places p cross join pieces t
  -- `offset` keeps it a look into the index for each: joined otherwise, all of a place's sums are read.
  cross join lateral (
    select measure, unit, n, total from analytics_sums
    where operator_id = p.operator_id and charger_id = p.charger_id and grain = t.grain and slot >= t.slot and slot < t.behind
      and measure in ($3, $4, $5, $6, $7)
    offset 0) s
  union all
  select p.place, t.bucket, c.measure, c.unit, c.n, c.total
  from analytics_changes c left join chargers h on h.id = c.charger_id
  join places p on p.operator_id in ('', c.operator_id) and p.charger_id in (0, c.charger_id, -h.station_id)
  join pieces t on c.slot >= t.slot and c.slot < t.behind
  where c.measure in ($3, $4, $5, $6, $7)
  union all
  select a.place, t.bucket, a.measure, '', a.n, a.total
  from away a join pieces t on a.slot >= t.slot and a.slot < t.behind) x
group by place, bucket, measure, unit
order by place, bucket, measure, unit;

-- name: sums @sqlite
with places as materialized (
  select json_extract(value, '$[0]') as place, json_extract(value, '$[1]') as operator_id, json_extract(value, '$[2]') as charger_id
  from json_each($1)),
pieces as materialized (
  select json_extract(value, '$[0]') as bucket, json_extract(value, '$[1]') as grain, json_extract(value, '$[2]') as slot,
         json_extract(value, '$[3]') as behind
  from json_each($2)),
away as materialized (
  select p.place, a.measure, a.second / 900 as slot, sum(a.connectors) as n, sum(a.connectors * a.second) as total
  from analytics_away a join places p on p.operator_id in ('', a.operator_id) and p.charger_id in (0, a.charger_id, -a.station_id)
  where a.measure in ($3, $4, $5, $6, $7) and a.since < cast($8 as {{time}})
  group by p.place, a.measure, a.second / 900)
select place, bucket, measure, unit, cast(sum(n) as bigint) as n, cast(sum(total) as bigint) as total
from (
  select p.place, t.bucket, s.measure, s.unit, s.n, s.total
  from places p cross join pieces t cross join analytics_sums s
  where s.operator_id = p.operator_id and s.charger_id = p.charger_id and s.measure in ($3, $4, $5, $6, $7)
    and s.grain = t.grain and s.slot >= t.slot and s.slot < t.behind
  union all
  select p.place, t.bucket, c.measure, c.unit, c.n, c.total
  from analytics_changes c left join chargers h on h.id = c.charger_id
  join places p on p.operator_id in ('', c.operator_id) and p.charger_id in (0, c.charger_id, -h.station_id)
  join pieces t on c.slot >= t.slot and c.slot < t.behind
  where c.measure in ($3, $4, $5, $6, $7)
  union all
  select a.place, t.bucket, a.measure, '', a.n, a.total
  from away a join pieces t on a.slot >= t.slot and a.slot < t.behind) x
group by place, bucket, measure, unit
order by place, bucket, measure, unit;

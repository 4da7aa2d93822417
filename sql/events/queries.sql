-- $1: an array of facts; $2 and $3: whose batch it is, and its number; $4: now. Who holds the lock until the commit takes numbers that
-- are higher than all that are committed, so ids are committed in their order. It is never waited for: without it nothing is
-- written, and `ok` is false.
-- name: write_all @with storage_postgres
with turn as materialized (
  select pg_try_advisory_xact_lock(hashtext('busbar events'), hashtext(current_schema())) as ok
), mine as (
  insert into event_writers as w (writer, batch, at)
  select cast($2 as text), cast($3 as bigint), cast($4 as {{time}}) from turn where ok
  on conflict (writer) do update set batch = excluded.batch, at = excluded.at where w.batch < excluded.batch
  returning batch
), facts as (
  select x.*, coalesce(x.charger_id, (select t.charger_id from transactions t where t.id = x.transaction_id),
                       (select c.id from chargers c where c.charge_point_id = x.charge_point_id)) as found_id
  from mine, json_to_recordset(cast($1 as json)) as x (
    n bigint, at timestamptz, operator_id text, kind text, event text, charger_id bigint, charge_point_id text, connector_id integer,
    transaction_id bigint, command_id text, bulk_id text, user_id text, data json)
), written as (
  insert into events (at, operator_id, kind, event, charger_id, charge_point_id, station_id, connector_id, transaction_id, command_id,
                      bulk_id, user_id, data)
  select f.at, coalesce(f.operator_id, (select t.operator_id from transactions t where t.id = f.transaction_id)), f.kind, f.event, f.found_id,
         coalesce(f.charge_point_id, (select c.charge_point_id from chargers c where c.id = f.found_id)),
         (select c.station_id from chargers c where c.id = f.found_id), f.connector_id, f.transaction_id, f.command_id,
         f.bulk_id, coalesce(f.user_id, (select t.user_id from transactions t where t.id = f.transaction_id)), cast(f.data as text)
  from facts f order by f.n
)
select case when ok then 1 else 0 end as ok from turn;

-- Elsewhere, one fact of a batch: $1 to $12 are its own, $13 and $14 whose batch it is, and its number.
-- name: write_one @sqlite
insert or fail into events (at, operator_id, kind, event, charger_id, charge_point_id, station_id, connector_id, transaction_id, command_id,
                    bulk_id, user_id, data)
select cast($1 as {{time}}), coalesce(cast($2 as text), (select t.operator_id from transactions t where t.id = $8)), cast($3 as text),
       cast($4 as text), f.found_id, coalesce(cast($6 as text), (select c.charge_point_id from chargers c where c.id = f.found_id)),
       (select c.station_id from chargers c where c.id = f.found_id), cast($7 as integer), cast($8 as bigint), cast($9 as text),
       cast($10 as text), coalesce(cast($11 as text), (select t.user_id from transactions t where t.id = $8)), cast($12 as text)
from (select coalesce(cast($5 as bigint), (select t.charger_id from transactions t where t.id = $8),
                      (select c.id from chargers c where c.charge_point_id = $6)) as found_id) f
where not exists (select 1 from event_writers w where w.writer = $13 and w.batch >= $14);

-- In the same unit.
-- name: wrote @postgres
select 1 as ok from event_writers where writer = $1 and batch = $2 and at = cast($3 as {{time}});

-- name: wrote @sqlite
insert into event_writers (writer, batch, at) values ($1, $2, $3)
on conflict (writer) do update set batch = excluded.batch, at = excluded.at;

-- Where the stream stands, and what is gone.
-- name: edge
select (select coalesce(max(id), 0) from events) as newest, (select swept_id from event_horizon) as swept;

-- The same for the command $1; whether who belongs to the operator $2 and is the user $3 may know of it, its first and last event, and
-- whether it goes on: it has not ended before $4, and no event says that it has.
-- name: edge_of_command
select edge.newest, edge.swept,
       case when told.first_id is not null or (c.id is not null and cast($3 as text) is null) then 1 end as seen,
       told.first_id, told.last_id,
       case when (c.ended_at is null or c.ended_at >= cast($4 as {{time}})) and c.id is not null and told.ended is null then 1 end as open
from (select (select coalesce(max(id), 0) from events) as newest, (select swept_id from event_horizon) as swept) edge
cross join (
  select min(e.id) as first_id, max(e.id) as last_id, max(case when e.event = 'command.ended' then 1 end) as ended
  from events e
  where e.command_id = cast($1 as text) and (cast($2 as text) is null or e.operator_id = $2) and (cast($3 as text) is null or e.user_id = $3)) told
left join commands c on c.id = cast($1 as text) and (cast($2 as text) is null or c.operator_id = $2);

-- The same for the bulk command $1. No driver may know of one.
-- name: edge_of_bulk @with bulk
select edge.newest, edge.swept, case when cast($3 as text) is null and (told.first_id is not null or b.id is not null) then 1 end as seen,
       told.first_id, told.last_id,
       case when (b.settled_at is null or b.settled_at >= cast($4 as {{time}})) and b.id is not null and told.ended is null then 1 end as open
from (select (select coalesce(max(id), 0) from events) as newest, (select swept_id from event_horizon) as swept) edge
cross join (
  select min(e.id) as first_id, max(e.id) as last_id, max(case when e.event = 'bulk.ended' then 1 end) as ended
  from events e
  where e.bulk_id = cast($1 as text) and (cast($2 as text) is null or e.operator_id = $2)) told
left join bulk_commands b on b.id = cast($1 as text) and b.state <> 'preparing' and (cast($2 as text) is null or b.operator_id = $2);

-- All of them, for those who are there.
-- name: after
select id, at, operator_id, kind, event, charger_id, charge_point_id, station_id, connector_id, transaction_id, command_id, bulk_id, user_id,
       data
from events where id > $1 order by id limit $2;

-- The same for one who comes back: above $1 and up to $2, as far as it is theirs and wanted.
-- name: between
select id, at, operator_id, kind, event, charger_id, charge_point_id, station_id, connector_id, transaction_id, command_id, bulk_id, user_id,
       data
from events
where id > $1 and id <= $2
  and (cast($3 as text) is null or operator_id = $3)
  and (cast($4 as text) is null or user_id = $4)
  and (cast($5 as text) is null or cast($5 as text) like '%,' || kind || ',%')
  and (cast($6 as text) is null or charge_point_id = $6 or charger_id = cast($7 as bigint))
  and (cast($8 as bigint) is null or station_id = $8)
  and (cast($9 as bigint) is null or transaction_id = $9)
  and (cast($10 as text) is null or command_id = $10)
  and (cast($11 as text) is null or bulk_id = $11)
order by id limit $12;

-- A part of what is older than $1, in one unit; again until nothing is deleted.
-- name: sweep_to
update event_horizon set swept_id = (
  select max(old.id) from (select id, at from events order by id limit 5000) old where old.at < cast($1 as {{time}}))
where exists (select 1 from (select id, at from events order by id limit 5000) old where old.at < cast($1 as {{time}}));

-- name: sweep
delete from events where id <= (select swept_id from event_horizon);

-- name: sweep_writers
delete from event_writers where at < cast($1 as {{time}});

-- A transaction's meter values as they come, for one who may see it: the newest is where it begins.
-- name: meter_find
select t.id, coalesce((select max(v.id) from meter_values v where v.transaction_id = t.id), 0) as newest,
       case when t.state = 'completed' then 1 end as completed
from transactions t
where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2) and (cast($3 as text) is null or t.user_id = $3);

-- name: meter_next
select t.state, v.id, v.connector_id, v.sampled_at, v.received_at, v.source, v.energy_wh, v.power_w, v.current_ma, v.voltage_mv,
       v.soc_percent, v.sample
from transactions t left join meter_values v on v.transaction_id = t.id and v.id > cast($2 as bigint)
where t.id = $1
order by v.id limit $3;

-- Sums of stations as well, and of the hours of operators, so that few rows are read of either.
--
-- `charger_id` below 0: of the chargers that stand now at the station whose id that is, negated. Whatever a charger has goes along when it
-- is put somewhere else.

-- Of how many slots rows are. Chargers and stations have few sessions in a day: hours would hardly be fewer rows.
create table analytics_grains (place text not null, grain integer not null, primary key (place, grain));
insert into analytics_grains (place, grain) values
  ('charger', 1), ('charger', 96), ('charger', 3072),
  ('station', 1), ('station', 96), ('station', 3072),
  ('operator', 1), ('operator', 4), ('operator', 96), ('operator', 3072),
  ('all', 1), ('all', 4), ('all', 96), ('all', 3072);

-- What chargers have, by the rows that a station has.
create view analytics_stationed as
select s.operator_id, s.charger_id, s.measure, g.grain, s.slot / g.grain * g.grain as slot, s.unit, s.n, s.total
from analytics_sums s join analytics_grains g on g.place = 'station'
where s.grain = 1;

-- PostgreSQL answers from the index alone: what is asked for stands together in it, as it does not in the table. Without its old order,
-- what follows is written faster.
-- @postgres
alter table analytics_sums drop constraint analytics_sums_pkey;
alter table analytics_sums reset (fillfactor);
-- @end

-- What there is already.
insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
select s.operator_id, -c.station_id, s.measure, s.grain, s.slot, s.unit, sum(s.n), sum(s.total)
from analytics_stationed s join chargers c on c.id = s.charger_id
where c.station_id is not null
group by s.operator_id, c.station_id, s.measure, s.grain, s.slot, s.unit;

insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
select operator_id, 0, measure, 4, slot / 4 * 4, unit, sum(n), sum(total)
from analytics_sums where charger_id = 0 and grain = 1
group by operator_id, measure, slot / 4 * 4, unit;

-- @postgres
alter table analytics_sums
  add constraint analytics_sums_pkey primary key (operator_id, charger_id, grain, slot, measure, unit) include (n, total);
-- It can do so for what has been vacuumed.
alter table analytics_sums set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
-- @end

-- A charger that is put somewhere else, or removed. On PostgreSQL nothing is rolled up meanwhile: it would go by where the charger stood.
-- @postgres
create function analytics_moved() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('busbar analytics'));
  insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
  select old.operator_id, -p.station_id, s.measure, s.grain, s.slot, s.unit, sum(p.sign * s.n), sum(p.sign * s.total)
  from analytics_stationed s
  join (values (old.station_id, -1), (new.station_id, 1)) as p (station_id, sign) on p.station_id is not null
  where s.operator_id = old.operator_id and s.charger_id = old.id
  group by p.station_id, s.measure, s.grain, s.slot, s.unit
  on conflict (operator_id, charger_id, measure, grain, slot, unit)
  do update set n = analytics_sums.n + excluded.n, total = analytics_sums.total + excluded.total;
  return null;
end $$;
create trigger analytics_moved after update of station_id on chargers
for each row when (old.station_id is distinct from new.station_id) execute function analytics_moved();
create trigger analytics_gone after delete on chargers
for each row when (old.station_id is not null) execute function analytics_moved();
-- @sqlite
create trigger analytics_moved after update of station_id on chargers when old.station_id is distinct from new.station_id
begin
  insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
  select operator_id, -old.station_id, measure, grain, slot, unit, -n, -total from analytics_stationed
  where operator_id = old.operator_id and charger_id = old.id and old.station_id is not null
  on conflict (operator_id, charger_id, measure, grain, slot, unit)
  do update set n = analytics_sums.n + excluded.n, total = analytics_sums.total + excluded.total;
  insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
  select operator_id, -new.station_id, measure, grain, slot, unit, n, total from analytics_stationed
  where operator_id = old.operator_id and charger_id = old.id and new.station_id is not null
  on conflict (operator_id, charger_id, measure, grain, slot, unit)
  do update set n = analytics_sums.n + excluded.n, total = analytics_sums.total + excluded.total;
end;

create trigger analytics_gone after delete on chargers when old.station_id is not null
begin
  insert into analytics_sums (operator_id, charger_id, measure, grain, slot, unit, n, total)
  select operator_id, -old.station_id, measure, grain, slot, unit, -n, -total from analytics_stationed
  where operator_id = old.operator_id and charger_id = old.id
  on conflict (operator_id, charger_id, measure, grain, slot, unit)
  do update set n = analytics_sums.n + excluded.n, total = analytics_sums.total + excluded.total;
end;
-- @end

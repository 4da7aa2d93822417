-- Sums over time. What happened is noted as additions (analytics_changes) in the unit in which it happened, by triggers, and rolled
-- up later (analytics_sums); what a question sums up is both, so an answer is never behind, and nothing is counted twice.
--
-- Time is counted in slots of 15 minutes since 1970, because every time zone's hours and days begin with one. `grain` is how many
-- slots a row is of: 1, 96 (a day of UTC) or 3072 (32 such days). `charger_id` 0: of all chargers of the operator; and `operator_id`
-- '' then: of all operators.
--
-- `measure`: session (n: begun; total: Wh), completed (n; total: seconds), revenue (unit: the currency; n: priced; total: minor
-- units). A measure of what lasts has n +1 where it begins and -1 where it ends, and in total the same times the second of it: busy
-- (a session runs).

create table analytics_changes (
  id           {{id}},
  operator_id  text not null,
  charger_id   bigint not null,
  measure      text not null,
  unit         text not null,
  slot         bigint not null,
  n            bigint not null,
  total        bigint not null
);

create table analytics_sums (
  operator_id  text not null,
  charger_id   bigint not null,
  measure      text not null,
  grain        integer not null,
  slot         bigint not null,            -- the first of them
  unit         text not null,
  n            bigint not null,
  total        bigint not null,
  primary key (operator_id, charger_id, measure, grain, slot, unit)
);

-- @postgres
alter table analytics_sums set (fillfactor = 80);

create function analytics_seconds(at timestamptz) returns bigint language sql immutable as
  $$ select cast(floor(extract(epoch from at)) as bigint) $$;
-- @end

-- What a transaction adds, as it stands.
-- @postgres
create view analytics_times as
select t.id, t.operator_id, t.charger_id, t.energy_wh, t.currency, t.price_minor, analytics_seconds(t.started_at) as began,
       analytics_seconds(t.stopped_at) as ended
from transactions t;
-- @sqlite
create view analytics_times as
select t.id, t.operator_id, t.charger_id, t.energy_wh, t.currency, t.price_minor, unixepoch(t.started_at) as began,
       unixepoch(t.stopped_at) as ended
from transactions t;
-- @end

create view analytics_parts as
select id as transaction_id, operator_id, charger_id, 'session' as measure, '' as unit, began / 900 as slot, 1 as n,
       coalesce(energy_wh, 0) as total
from analytics_times
union all
select id, operator_id, charger_id, 'completed', '', began / 900, 1, case when ended > began then ended - began else 0 end
from analytics_times where ended is not null
union all
select id, operator_id, charger_id, 'revenue', currency, began / 900, 1, price_minor
from analytics_times where price_minor is not null and currency is not null
union all
select id, operator_id, charger_id, 'busy', '', began / 900, 1, began
from analytics_times
union all
select id, operator_id, charger_id, 'busy', '', case when ended > began then ended else began end / 900, -1,
       -case when ended > began then ended else began end
from analytics_times where ended is not null;

-- @postgres
create function analytics_take() returns trigger language plpgsql as $$
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, -n, -total from analytics_parts where transaction_id = old.id;
  return new;
end $$;

create function analytics_put() returns trigger language plpgsql as $$
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, n, total from analytics_parts where transaction_id = new.id;
  return null;
end $$;

create trigger analytics_begun after insert on transactions for each row execute function analytics_put();

create trigger analytics_was before update of started_at, stopped_at, energy_wh, price_minor, currency on transactions
for each row when (old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
                   or old.energy_wh is distinct from new.energy_wh or old.price_minor is distinct from new.price_minor
                   or old.currency is distinct from new.currency)
execute function analytics_take();

create trigger analytics_is after update of started_at, stopped_at, energy_wh, price_minor, currency on transactions
for each row when (old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
                   or old.energy_wh is distinct from new.energy_wh or old.price_minor is distinct from new.price_minor
                   or old.currency is distinct from new.currency)
execute function analytics_put();
-- @sqlite
create trigger analytics_begun after insert on transactions
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, n, total from analytics_parts where transaction_id = new.id;
end;

create trigger analytics_was before update of started_at, stopped_at, energy_wh, price_minor, currency on transactions
when old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
     or old.energy_wh is distinct from new.energy_wh or old.price_minor is distinct from new.price_minor
     or old.currency is distinct from new.currency
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, -n, -total from analytics_parts where transaction_id = old.id;
end;

create trigger analytics_is after update of started_at, stopped_at, energy_wh, price_minor, currency on transactions
when old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
     or old.energy_wh is distinct from new.energy_wh or old.price_minor is distinct from new.price_minor
     or old.currency is distinct from new.currency
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, n, total from analytics_parts where transaction_id = new.id;
end;
-- @end

-- What there is already.
insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
select operator_id, charger_id, measure, unit, slot, n, total from analytics_parts;

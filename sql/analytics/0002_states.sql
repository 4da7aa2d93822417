-- What lasts besides sessions, and what fails.
--
-- Measures of what lasts, as `busy` does, each of connectors (but 0): known (there has been a status), occupied (Preparing, Suspended...,
-- Finishing), charging, reserved, faulted, unavailable, by the last status that was told, from when it was received; and offline: nothing
-- was heard of the charger for more than five minutes, while the connector was neither faulted nor unavailable.
--
-- failure (unit: "<kind>/<reason>"; n: how many) is of connectors that became faulted, chargers that were away, sessions that ended badly or
-- without a stop, tokens that were refused at a start, and commands that came to nothing.

create table analytics_states (status text primary key, measure text not null);
insert into analytics_states (status, measure) values
  ('Preparing', 'occupied'), ('SuspendedEV', 'occupied'), ('SuspendedEVSE', 'occupied'), ('Finishing', 'occupied'),
  ('Charging', 'charging'), ('Reserved', 'reserved'), ('Faulted', 'faulted'), ('Unavailable', 'unavailable');

create table analytics_endings (reason text primary key);
insert into analytics_endings (reason) values ('EmergencyStop'), ('HardReset'), ('PowerLoss'), ('Reboot'), ('DeAuthorized');

-- Sessions.

-- @postgres
drop trigger analytics_was on transactions;
drop trigger analytics_is on transactions;
-- @sqlite
drop trigger analytics_was;
drop trigger analytics_is;
drop trigger analytics_begun;
-- @end

-- @postgres
create or replace view analytics_times as
select t.id, t.operator_id, t.charger_id, t.energy_wh, t.currency, t.price_minor, analytics_seconds(t.started_at) as began,
       analytics_seconds(t.stopped_at) as ended, t.stop_reason, t.estimated, t.token_status
from transactions t;
-- @sqlite
drop view analytics_times;
create view analytics_times as
select t.id, t.operator_id, t.charger_id, t.energy_wh, t.currency, t.price_minor, unixepoch(t.started_at) as began,
       unixepoch(t.stopped_at) as ended, t.stop_reason, t.estimated, t.token_status
from transactions t;
-- @end

create view analytics_session_failures as
select id as transaction_id, operator_id, charger_id, 'failure' as measure,
       'session/' || case when estimated = 1 then 'Estimated' else stop_reason end as unit, ended / 900 as slot, 1 as n, 0 as total
from analytics_times
where ended is not null and (estimated = 1 or stop_reason in (select reason from analytics_endings))
union all
select id, operator_id, charger_id, 'failure', 'token/' || token_status, began / 900, 1, 0
from analytics_times where token_status <> 'Accepted';

-- All that a transaction adds.
create view analytics_all_parts as
select transaction_id, operator_id, charger_id, measure, unit, slot, n, total from analytics_parts
union all
select transaction_id, operator_id, charger_id, measure, unit, slot, n, total from analytics_session_failures;

-- @postgres
create or replace function analytics_take() returns trigger language plpgsql as $$
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, -n, -total from analytics_all_parts where transaction_id = old.id;
  return new;
end $$;

create or replace function analytics_put() returns trigger language plpgsql as $$
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, n, total from analytics_all_parts where transaction_id = new.id;
  return null;
end $$;

create trigger analytics_was
before update of started_at, stopped_at, stop_reason, estimated, token_status, energy_wh, price_minor, currency on transactions
for each row when (old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
                   or old.stop_reason is distinct from new.stop_reason or old.estimated <> new.estimated
                   or old.token_status <> new.token_status or old.energy_wh is distinct from new.energy_wh
                   or old.price_minor is distinct from new.price_minor or old.currency is distinct from new.currency)
execute function analytics_take();

create trigger analytics_is
after update of started_at, stopped_at, stop_reason, estimated, token_status, energy_wh, price_minor, currency on transactions
for each row when (old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
                   or old.stop_reason is distinct from new.stop_reason or old.estimated <> new.estimated
                   or old.token_status <> new.token_status or old.energy_wh is distinct from new.energy_wh
                   or old.price_minor is distinct from new.price_minor or old.currency is distinct from new.currency)
execute function analytics_put();
-- @sqlite
create trigger analytics_begun after insert on transactions
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, n, total from analytics_all_parts where transaction_id = new.id;
end;

create trigger analytics_was
before update of started_at, stopped_at, stop_reason, estimated, token_status, energy_wh, price_minor, currency on transactions
when old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
     or old.stop_reason is distinct from new.stop_reason or old.estimated <> new.estimated
     or old.token_status <> new.token_status or old.energy_wh is distinct from new.energy_wh
     or old.price_minor is distinct from new.price_minor or old.currency is distinct from new.currency
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, -n, -total from analytics_all_parts where transaction_id = old.id;
end;

create trigger analytics_is
after update of started_at, stopped_at, stop_reason, estimated, token_status, energy_wh, price_minor, currency on transactions
when old.started_at <> new.started_at or old.stopped_at is distinct from new.stopped_at
     or old.stop_reason is distinct from new.stop_reason or old.estimated <> new.estimated
     or old.token_status <> new.token_status or old.energy_wh is distinct from new.energy_wh
     or old.price_minor is distinct from new.price_minor or old.currency is distinct from new.currency
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, unit, slot, n, total from analytics_all_parts where transaction_id = new.id;
end;
-- @end

insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
select operator_id, charger_id, measure, unit, slot, n, total from analytics_session_failures;

-- Connectors. Each time that is noted is one of receipt: a charger's own clock may go back.

-- @postgres
create function analytics_note(operator_id text, charger_id bigint, measure text, unit text, at timestamptz, n bigint)
returns void language sql as $$
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  values ($1, $2, $3, $4, analytics_seconds($5) / 900, $6, case when $3 = 'failure' then 0 else $6 * analytics_seconds($5) end)
$$;

create function analytics_connector() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform analytics_note(new.operator_id, new.charger_id, 'known', '', new.received_at, 1);
  else
    perform analytics_note(old.operator_id, old.charger_id, s.measure, '', new.received_at, -1)
    from analytics_states s where s.status = old.status;
  end if;
  perform analytics_note(new.operator_id, new.charger_id, s.measure, '', new.received_at, 1)
  from analytics_states s where s.status = new.status;
  if new.status = 'Faulted' then
    perform analytics_note(new.operator_id, new.charger_id, 'failure', 'connector/' || new.error_code, new.received_at, 1);
  end if;
  return null;
end $$;

create function analytics_connector_gone() returns trigger language plpgsql as $$
begin
  perform analytics_note(old.operator_id, old.charger_id, 'known', '', now(), -1);
  perform analytics_note(old.operator_id, old.charger_id, s.measure, '', now(), -1)
  from analytics_states s where s.status = old.status;
  return null;
end $$;

create trigger analytics_connector after insert on connectors
for each row when (new.connector_id > 0) execute function analytics_connector();
create trigger analytics_connector_status after update of status on connectors
for each row when (new.connector_id > 0 and old.status <> new.status) execute function analytics_connector();
create trigger analytics_connector_gone after delete on connectors
for each row when (old.connector_id > 0) execute function analytics_connector_gone();
-- @sqlite
create view analytics_marks as
select k.charger_id, k.connector_id, k.operator_id, 'known' as measure, k.status from connectors k where k.connector_id > 0
union all
select k.charger_id, k.connector_id, k.operator_id, s.measure, k.status
from connectors k join analytics_states s on s.status = k.status where k.connector_id > 0;

create trigger analytics_connector after insert on connectors when new.connector_id > 0
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, '', unixepoch(new.received_at) / 900, 1, unixepoch(new.received_at)
  from analytics_marks where charger_id = new.charger_id and connector_id = new.connector_id
  union all
  select new.operator_id, new.charger_id, 'failure', 'connector/' || new.error_code, unixepoch(new.received_at) / 900, 1, 0
  where new.status = 'Faulted';
end;

create trigger analytics_connector_status after update of status on connectors when new.connector_id > 0 and old.status <> new.status
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select old.operator_id, old.charger_id, measure, '', unixepoch(new.received_at) / 900, -1, -unixepoch(new.received_at)
  from analytics_states where status = old.status
  union all
  select new.operator_id, new.charger_id, measure, '', unixepoch(new.received_at) / 900, 1, unixepoch(new.received_at)
  from analytics_states where status = new.status
  union all
  select new.operator_id, new.charger_id, 'failure', 'connector/' || new.error_code, unixepoch(new.received_at) / 900, 1, 0
  where new.status = 'Faulted';
end;

create trigger analytics_connector_gone before delete on connectors when old.connector_id > 0
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select operator_id, charger_id, measure, '', unixepoch() / 900, -1, -unixepoch()
  from analytics_marks where charger_id = old.charger_id and connector_id = old.connector_id;
end;
-- @end

-- Those that are there already are known from their last status on.
-- @postgres
select analytics_note(k.operator_id, k.charger_id, m.measure, '', k.received_at, 1)
from connectors k
join (select status, measure from analytics_states union all select distinct status, 'known' from connectors) m on m.status = k.status
where k.connector_id > 0;
-- @sqlite
insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
select m.operator_id, m.charger_id, m.measure, '', unixepoch(k.received_at) / 900, 1, unixepoch(k.received_at)
from analytics_marks m join connectors k on k.charger_id = m.charger_id and k.connector_id = m.connector_id;
-- @end

-- A removal has no time of its own in its statement: here and for connectors above it is the database's clock that says when it was.
-- Chargers that are back, or removed. Those that are away still are looked for when it is asked.

create view analytics_exposed as
select charger_id, count(*) as connectors from connectors
where connector_id > 0 and status not in ('Faulted', 'Unavailable') group by charger_id;

-- That a charger is back is stored up to a minute late. So a status is of one that is back, and ends its absence before it changes what was
-- absent.
-- @postgres
create function analytics_was_away(operator_id text, charger_id bigint, since timestamptz, until timestamptz) returns void language sql as $$
  select analytics_note($1, $2, 'offline', '', $3, e.connectors), analytics_note($1, $2, 'offline', '', $4, -e.connectors)
  from analytics_exposed e where e.charger_id = $2;
  select analytics_note($1, $2, 'failure', 'charger/Offline', $3, 1)
$$;

create function analytics_back() returns trigger language plpgsql as $$
begin
  perform analytics_was_away(new.operator_id, new.id, old.last_seen_at, new.last_seen_at);
  return null;
end $$;
create trigger analytics_back after update of last_seen_at on chargers
for each row when (new.last_seen_at > old.last_seen_at + interval '300 seconds') execute function analytics_back();

create function analytics_removed() returns trigger language plpgsql as $$
begin
  perform analytics_was_away(old.operator_id, old.id, old.last_seen_at, now());
  return old;
end $$;
create trigger analytics_removed before delete on chargers
for each row when (now() > old.last_seen_at + interval '300 seconds') execute function analytics_removed();

create function analytics_heard() returns trigger language plpgsql as $$
begin
  update chargers set last_seen_at = new.received_at
  where id = new.charger_id and last_seen_at < new.received_at - interval '300 seconds';
  return new;
end $$;
create trigger analytics_heard before insert or update of status on connectors for each row execute function analytics_heard();

create view analytics_away as
select c.operator_id, c.id as charger_id, c.station_id, 'offline' as measure, c.last_seen_at as since, analytics_seconds(c.last_seen_at) as second,
       k.connectors
from chargers c
cross join lateral (select count(*) as connectors from connectors k
                    where k.charger_id = c.id and k.connector_id > 0 and k.status not in ('Faulted', 'Unavailable')) k;
-- @sqlite
create trigger analytics_back after update of last_seen_at on chargers
when unixepoch(new.last_seen_at) > unixepoch(old.last_seen_at) + 300
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select new.operator_id, new.id, 'offline', '', unixepoch(old.last_seen_at) / 900, connectors, connectors * unixepoch(old.last_seen_at)
  from analytics_exposed where charger_id = new.id
  union all
  select new.operator_id, new.id, 'offline', '', unixepoch(new.last_seen_at) / 900, -connectors, -connectors * unixepoch(new.last_seen_at)
  from analytics_exposed where charger_id = new.id
  union all
  select new.operator_id, new.id, 'failure', 'charger/Offline', unixepoch(old.last_seen_at) / 900, 1, 0;
end;

create trigger analytics_removed before delete on chargers
when unixepoch() > unixepoch(old.last_seen_at) + 300
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select old.operator_id, old.id, 'offline', '', unixepoch(old.last_seen_at) / 900, connectors, connectors * unixepoch(old.last_seen_at)
  from analytics_exposed where charger_id = old.id
  union all
  select old.operator_id, old.id, 'offline', '', unixepoch() / 900, -connectors, -connectors * unixepoch()
  from analytics_exposed where charger_id = old.id
  union all
  select old.operator_id, old.id, 'failure', 'charger/Offline', unixepoch(old.last_seen_at) / 900, 1, 0;
end;

create trigger analytics_heard before insert on connectors
begin
  update chargers set last_seen_at = new.received_at
  where id = new.charger_id and unixepoch(last_seen_at) < unixepoch(new.received_at) - 300;
end;
create trigger analytics_heard_status before update of status on connectors
begin
  update chargers set last_seen_at = new.received_at
  where id = new.charger_id and unixepoch(last_seen_at) < unixepoch(new.received_at) - 300;
end;

create view analytics_away as
select c.operator_id, c.id as charger_id, c.station_id, 'offline' as measure, c.last_seen_at as since, unixepoch(c.last_seen_at) as second,
       (select count(*) from connectors k
        where k.charger_id = c.id and k.connector_id > 0 and k.status not in ('Faulted', 'Unavailable')) as connectors
from chargers c;
-- @end

-- Commands that came to nothing.

-- @postgres
create function analytics_command() returns trigger language plpgsql as $$
begin
  perform analytics_note(new.operator_id, c.id, 'failure', 'command/' || new.state, new.ended_at, 1)
  from chargers c where c.charge_point_id = new.charge_point_id;
  return null;
end $$;
create trigger analytics_command after update of state on commands
for each row when (new.state in ('rejected', 'failed', 'timed_out', 'expired') and old.state <> new.state)
execute function analytics_command();
-- @sqlite
create trigger analytics_command after update of state on commands
when new.state in ('rejected', 'failed', 'timed_out', 'expired') and old.state <> new.state
begin
  insert into analytics_changes (operator_id, charger_id, measure, unit, slot, n, total)
  select new.operator_id, c.id, 'failure', 'command/' || new.state, unixepoch(new.ended_at) / 900, 1, 0
  from chargers c where c.charge_point_id = new.charge_point_id;
end;
-- @end

-- Pricing.

-- name: facts
select t.id, t.operator_id, t.charger_id, c.charge_point_id, c.vendor, c.model, c.station_id, s.name as station_name,
       coalesce(s.time_zone, o.time_zone) as time_zone, t.connector_id, t.id_tag, t.parent_id_tag, t.user_id,
       t.state, t.price_state, t.started_at, t.stopped_at, t.ended_at, t.energy_wh, t.meter_start_wh, t.estimated,
       t.flags, t.stop_reason, k.type as connector_type, k.max_power_w as connector_power_w, t.meter_last_wh
from transactions t
join chargers c on c.id = t.charger_id
join operators o on o.id = t.operator_id
left join stations s on s.id = c.station_id
left join connector_kinds k on k.charger_id = t.charger_id and k.connector_id = t.connector_id
where t.id = $1;

-- The readings of a session. More than $2 are not read; as many are enough for any day.
-- name: readings
select sampled_at, energy_wh, power_w from meter_values
where transaction_id = $1 and (energy_wh is not null or power_w is not null)
order by sampled_at, id limit $2;

-- What the connector said in a session, and the last word before it.
-- name: statuses
select status, status_at from connector_history
where charger_id = $1 and connector_id = $2 and status_at < cast($4 as {{time}})
  and status_at >= coalesce((select max(h.status_at) from connector_history h
                             where h.charger_id = $1 and h.connector_id = $2
                               and h.status_at <= cast($3 as {{time}})), cast($3 as {{time}}))
order by status_at, id;

-- The tariffs of the places of a session from $4 to $5 that are valid at some time of it, the most specific place first:
-- each in the version that held when it started (`base`), and in those made meanwhile that apply to running
-- sessions. With $6 it is the version of that time, and no other. A tariff that is younger than the session holds as it
-- was first.
-- name: tariffs_for
select f.place_rank, f.id, f.name, v.version, v.currency, v.source, v.settings,
       case when v.applies = 'running' then 1 else 0 end as running, f.valid_from, f.valid_until, v.created_at,
       case when v.version = f.base then 1 else 0 end as base
from (select t.id, t.name, t.valid_from, t.valid_until,
             case when a.charger_id is not null then 0 when a.station_id is not null then 1 else 2 end as place_rank,
             coalesce((select max(w.version) from tariff_versions w
                       where w.tariff_id = t.id
                         and w.created_at <= coalesce(cast($6 as {{time}}), cast($4 as {{time}}))), 1) as base
      from tariff_assignments a join tariffs t on t.id = a.tariff_id
      where a.operator_id = $1 and a.place in ('operator', cast($2 as text), cast($3 as text))
        and t.active = 1 and t.deleted_at is null
        and (t.valid_from is null or t.valid_from <= cast($5 as {{time}}))
        and (t.valid_until is null or t.valid_until > cast($4 as {{time}}))) f
join tariff_versions v on v.tariff_id = f.id
where v.version = f.base
   or (cast($6 as {{time}}) is null and v.applies = 'running' and v.created_at > cast($4 as {{time}})
       and v.created_at < cast($5 as {{time}}))
order by f.place_rank, v.version;

-- A price is stored once for each end of a transaction ($2 is ended_at): an estimated end that the
-- charger's own stop replaces is priced again.
-- name: price
update transactions set price_state = 'priced', currency = $3, price_minor = $4, tariff_id = cast($5 as bigint),
       tariff_version = cast($6 as integer), price_error = null, priced_at = $7
where id = $1 and state = 'completed' and ended_at = $2 and price_state <> 'priced'
returning id;

-- The lines follow only if the statement above has changed its row: $2 is its priced_at.
-- name: drop_lines
delete from price_lines
where transaction_id = $1 and exists (select 1 from transactions t where t.id = $1 and t.priced_at = cast($2 as {{time}}));

-- name: add_line
insert into price_lines (transaction_id, line, kind, description, quantity, unit, unit_price_minor, amount_minor, note,
                         included_tax_percent)
select t.id, cast($3 as integer), cast($4 as text), cast($5 as text), cast($6 as {{real}}), cast($7 as text),
       cast($8 as {{real}}), cast($9 as bigint), cast($10 as text), cast($11 as {{real}})
from transactions t where t.id = $1 and t.priced_at = cast($2 as {{time}});

-- name: drop_parts
delete from price_parts
where transaction_id = $1 and exists (select 1 from transactions t where t.id = $1 and t.priced_at = cast($2 as {{time}}));

-- name: add_part
insert into price_parts (transaction_id, part, tariff_id, tariff_version, from_at, energy_wh)
select t.id, cast($3 as integer), cast($4 as bigint), cast($5 as integer), cast($6 as {{time}}), cast($7 as bigint)
from transactions t where t.id = $1 and t.priced_at = cast($2 as {{time}});

-- name: keep_facts
insert into price_facts (transaction_id, session, script_activation)
select t.id, cast($3 as text), cast($4 as integer) from transactions t where t.id = $1 and t.priced_at = cast($2 as {{time}})
on conflict (transaction_id) do update set session = excluded.session, script_activation = excluded.script_activation;

-- name: price_failed
update transactions set price_state = 'failed', price_error = $3
where id = $1 and ended_at = $2 and price_state <> 'priced';

-- name: price_wanted
select t.id, t.state, t.price_state from transactions t
where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2);

-- What a price was made from, and by what.
-- name: price_evidence
select t.id, t.operator_id, t.price_state, f.session, t.currency, f.script_activation
from transactions t left join price_facts f on f.transaction_id = t.id
where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2);

-- name: price_sources
select p.from_at, p.tariff_id as id, f.name, v.version, v.currency, v.source, v.settings
from price_parts p
join tariffs f on f.id = p.tariff_id
join tariff_versions v on v.tariff_id = p.tariff_id and v.version = p.tariff_version
where p.transaction_id = $1 order by p.part;

-- name: stored_lines
select kind, description, quantity, unit, unit_price_minor, amount_minor, note, included_tax_percent
from price_lines where transaction_id = $1 order by line;

-- Sessions that a tariff has priced.
-- name: diff_list
select t.id as cursor, t.id, t.started_at, t.energy_wh, t.currency, t.price_minor
from price_parts p join transactions t on t.id = p.transaction_id
where p.tariff_id = $1 and p.part = 1 and t.price_state = 'priced'
  and (cast($2 as {{time}}) is null or t.started_at >= cast($2 as {{time}}))
  and (cast($3 as {{time}}) is null or t.started_at < cast($3 as {{time}}))
  and t.id > coalesce(cast($4 as bigint), 0)
order by t.id limit $5;

-- REST.

-- name: tariff_list
select id as cursor, tariff_rows.* from tariff_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or name = $2)
  and id > coalesce(cast($3 as bigint), 0)
order by id limit $4;

-- name: tariff_get
select id as cursor, tariff_rows.* from tariff_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: tariff_insert
insert into tariffs (operator_id, name, active, valid_from, valid_until, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as integer), cast($4 as {{time}}), cast($5 as {{time}}),
       cast($6 as {{time}}), cast($6 as {{time}})
from operators o where o.id = $1;

-- name: version_first
insert into tariff_versions (tariff_id, version, currency, bundled, source, settings, applies, created_at)
select f.id, 1, cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as text), f.created_at
from tariffs f where f.operator_id = $1 and f.name = $2 and f.deleted_at is null
returning tariff_id;

-- Changes of one tariff go one after the other. Before the two below, which hold together: the row is of the version that is meant.
-- name: tariff_lock
update tariffs set updated_at = updated_at where id = $1;

-- name: version_next
insert into tariff_versions (tariff_id, version, currency, bundled, source, settings, applies, created_at)
select f.id, (select max(w.version) + 1 from tariff_versions w where w.tariff_id = f.id),
       cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($7 as text), cast($6 as {{time}})
from tariffs f
where f.id = $1 and f.deleted_at is null and (cast($8 as {{time}}) is null or f.updated_at = cast($8 as {{time}}));

-- name: tariff_update
update tariffs set name = $2, active = cast($3 as integer), valid_from = cast($4 as {{time}}),
       valid_until = cast($5 as {{time}}), updated_at = cast($6 as {{time}})
where id = $1 and deleted_at is null and (cast($7 as {{time}}) is null or updated_at = cast($7 as {{time}}))
returning id;

-- name: version_get
select version as cursor, currency, bundled, source, settings from tariff_versions
where tariff_id = $1 and version = cast($2 as integer);

-- name: tariff_delete
update tariffs set deleted_at = $2 where id = $1 returning id;

-- name: assignments_drop
delete from tariff_assignments where tariff_id = $1;

-- name: version_list
select version as cursor, version, currency, bundled, source, settings, applies, created_at from tariff_versions
where tariff_id = $1 and version < coalesce(cast($2 as bigint), 2147483647)
order by version desc limit $3;

-- A station or charger of another operator is none.
-- name: assign
insert into tariff_assignments (operator_id, place, station_id, charger_id, tariff_id, created_at)
select f.operator_id, cast($2 as text), cast($3 as bigint), cast($4 as bigint), f.id, cast($5 as {{time}})
from tariffs f
where f.id = $1
  and (cast($3 as bigint) is null
       or exists (select 1 from stations s where s.id = cast($3 as bigint) and s.operator_id = f.operator_id))
  and (cast($4 as bigint) is null
       or exists (select 1 from chargers c where c.id = cast($4 as bigint) and c.operator_id = f.operator_id))
on conflict (operator_id, place) do update set tariff_id = excluded.tariff_id, created_at = excluded.created_at
returning id, tariff_id, operator_id, station_id, charger_id, created_at;

-- What holds at a place of the tariff's operator.
-- name: assigned
select a.id, a.tariff_id, a.operator_id, a.station_id, a.charger_id, a.created_at
from tariffs f join tariff_assignments a on a.operator_id = f.operator_id and a.place = $2
where f.id = $1;

-- name: assignment_list
select id as cursor, id, tariff_id, operator_id, station_id, charger_id, created_at from tariff_assignments
where tariff_id = $1 and id > coalesce(cast($2 as bigint), 0) order by id limit $3;

-- name: unassign
delete from tariff_assignments where tariff_id = $1 and place = $2 returning id;

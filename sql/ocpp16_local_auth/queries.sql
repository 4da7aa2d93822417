-- Whose lists are to be looked at: on and not as the tokens are, or switched off and not yet empty. A list that an admin
-- sends by hand to a charger that is off is left alone. $2: the configured mode.
-- name: due
select charger_id, charge_point_id from local_list_rows
where charger_id > $1 and registration = 'accepted' and (try_at is null or try_at <= $3)
  and case when coalesce(decided, cast($2 as text)) = 'on'
           then state in ('due', 'failed') or (state = 'current' and revision is distinct from tokens_revision)
           when mode = 'off' or synced_at is not null then state in ('due', 'failed') or (mode is null and entries > 0)
           else false end
order by charger_id limit 500;

-- name: row_add
insert into local_lists (charger_id, operator_id, state, version, known, left_out, asked_limits, failures, updated_at)
select c.id, c.operator_id, 'due', 0, 0, 0, 0, 0, cast($2 as {{time}}) from chargers c where c.id = $1
on conflict (charger_id) do nothing;

-- name: facts
select operator_id, case when coalesce(decided, cast($2 as text)) = 'on' then 1 else 0 end as wanted, version, known, list_max, part_max,
       asked_limits, tokens_revision, failures, as_compared
from local_list_rows where charger_id = $1;

-- What a charger may know without asking, as far as there is room, and how many there are. A group, or a place, that does not let
-- a token charge makes it Blocked.
-- name: wanted
select id_tag, case when accepted = 1 then 'Accepted' else 'Blocked' end as status, expires_at, parent_id_tag,
       count(*) over () as of_all
from tokens_at_chargers
where charger_id = $1 and status in ('accepted', 'blocked') and (valid_from is null or valid_from <= $2)
  and (expires_at is null or expires_at > $2)
order by accepted desc, updated_at desc, id
limit $3;

-- name: entries
select id_tag, info from local_list_entries where charger_id = $1;

-- name: current
update local_lists
   set state = 'current', reason = null, revision = cast($2 as bigint), left_out = $3, failures = 0, try_at = null,
       synced_at = cast($5 as {{time}}), updated_at = $4, matched = case when cast($2 as bigint) is null then 0 else 1 end
 where charger_id = $1;

-- name: unchanged
update local_lists set state = 'current', reason = null, failures = 0, try_at = null, updated_at = $2 where charger_id = $1;

-- name: failed
update local_lists
   set state = $2, reason = $3, failures = failures + 1, try_at = cast($4 as {{time}}), updated_at = $5
 where charger_id = $1;

-- name: booted
update local_lists set state = 'due', failures = 0, try_at = null, asked_limits = 0, updated_at = $2 where charger_id = $1;

-- A list of ours, that the charger may have lost while it was away.
-- name: connected
update local_lists set state = 'due', updated_at = $2 where charger_id = $1 and state = 'current' and synced_at is not null;

-- Commands, whoever has sent them. The row may not be there yet.

-- name: row_of
insert into local_lists (charger_id, operator_id, state, version, known, left_out, asked_limits, failures, updated_at)
select c.id, c.operator_id, 'due', 0, 0, 0, 0, 0, cast($2 as {{time}}) from chargers c where c.charge_point_id = $1
on conflict (charger_id) do nothing;

-- name: cleared
delete from local_list_entries where charger_id = (select id from chargers where charge_point_id = $1);

-- $2: the message's list.
-- name: removed @sqlite
delete from local_list_entries
 where charger_id = (select id from chargers where charge_point_id = $1)
   and id_tag_key in (select lower(json_extract(value, '$.idTag')) from json_each($2));

-- name: removed @postgres
delete from local_list_entries
 where charger_id = (select id from chargers where charge_point_id = $1)
   and id_tag_key in (select lower(e ->> 'idTag') from json_array_elements(cast($2 as json)) as e);

-- name: added @sqlite
insert into local_list_entries (charger_id, id_tag_key, id_tag, info)
select c.id, lower(json_extract(e.value, '$.idTag')), json_extract(e.value, '$.idTag'), json_extract(e.value, '$.idTagInfo')
from chargers c, json_each($2) e
where c.charge_point_id = $1 and json_extract(e.value, '$.idTagInfo') is not null
on conflict (charger_id, id_tag_key) do update set id_tag = excluded.id_tag, info = excluded.info;

-- name: added @postgres
insert into local_list_entries (charger_id, id_tag_key, id_tag, info)
select c.id, lower(e ->> 'idTag'), e ->> 'idTag', cast(e -> 'idTagInfo' as text)
from chargers c, json_array_elements(cast($2 as json)) as e
where c.charge_point_id = $1 and e -> 'idTagInfo' is not null
on conflict (charger_id, id_tag_key) do update set id_tag = excluded.id_tag, info = excluded.info;

-- $3: 1 after a full list, else null: what was not known stays so.
-- name: accepted
update local_lists set version = $2, known = coalesce(cast($3 as bigint), known), matched = 0, updated_at = $4
 where charger_id = (select id from chargers where charge_point_id = $1);

-- name: unknown
update local_lists set known = 0, state = case when state = 'current' then 'due' else state end, updated_at = $2
 where charger_id = (select id from chargers where charge_point_id = $1);

-- The charger has told its version.
-- name: told
update local_lists
   set known = case when version = $2 then known else 0 end,
       state = case when version <> $2 and state = 'current' then 'due' else state end,
       version = case when cast($2 as bigint) > 0 then cast($2 as bigint) else 0 end, updated_at = $3
 where charger_id = (select id from chargers where charge_point_id = $1);

-- $5: 1 where the charger was asked for both.
-- name: limits
update local_lists
   set matched = case when cast($2 as bigint) <> coalesce(list_max, 0) then 0 else matched end,
       list_max = coalesce(cast($2 as bigint), list_max), part_max = coalesce(cast($3 as bigint), part_max),
       asked_limits = case when cast($5 as bigint) = 1 then 1 else asked_limits end, updated_at = $4
 where charger_id = (select id from chargers where charge_point_id = $1);

-- REST.

-- name: list
select r.charger_id as cursor, r.* from (
  select charger_id, charge_point_id, operator_id, mode, station_mode, coalesce(decided, cast($2 as text)) as effective,
         case when state = 'current' and coalesce(decided, cast($2 as text)) = 'on' and revision is distinct from tokens_revision
              then 'due' else state end as state,
         reason, version, known, entries, left_out, list_max, part_max, synced_at
  from local_list_rows) r
where (cast($1 as text) is null or r.operator_id = $1)
  and (cast($3 as text) is null or r.state = $3)
  and (cast($4 as bigint) is null or r.charger_id = cast($4 as bigint))
  and r.charger_id > coalesce(cast($5 as bigint), 0)
order by r.charger_id limit $6;

-- name: entry_list
select id_tag_key as cursor, id_tag, info from local_list_entries
where charger_id = $1 and id_tag_key > coalesce(cast($2 as text), '')
order by id_tag_key limit $3;

-- name: set_mode
update local_lists set mode = cast($2 as text), state = 'due', failures = 0, try_at = null, updated_at = $3 where charger_id = $1;

-- $2: 0 where the whole list is to be sent.
-- name: sync
update local_lists
   set state = 'due', failures = 0, try_at = null, known = case when cast($2 as bigint) = 0 then 0 else known end, asked_limits = 0,
       matched = 0, updated_at = $3
 where charger_id = $1;

-- Stations.

-- name: station
select s.id as station_id, s.operator_id, m.mode
from stations s left join local_list_stations m on m.station_id = s.id
where s.id = $1 and (cast($2 as text) is null or s.operator_id = $2);

-- name: station_set
insert into local_list_stations (station_id, operator_id, mode, updated_at)
select id, operator_id, cast($2 as text), cast($3 as {{time}}) from stations where id = $1
on conflict (station_id) do update set mode = excluded.mode, updated_at = excluded.updated_at;

-- name: station_due
update local_lists set state = 'due', failures = 0, try_at = null, updated_at = $2
where mode is null and charger_id in (select id from chargers where station_id = $1);

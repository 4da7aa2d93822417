-- All that decides about a token ($2) of an operator ($1) at a charger ($3): the token, its group, the charger's station, and what the
-- operator has settled; and what its service has said that still holds ($4: now). One row, whether the token is registered or not. What is not
-- used costs nothing: without a row of the station's nobody looks for its list, without one of the operator's for answers.
-- name: authorize
select k.id, k.parent_id_tag, k.user_id, k.max_active,
       k.status, k.valid_from, k.expires_at, k.stations,
       g.status as group_status, g.valid_from as group_valid_from, g.expires_at as group_expires_at,
       g.stations as group_stations, g.group_max_active, 1 as settled,
       p.access, own.rule as own_rule, grouped.rule as group_rule,
       coalesce(p.unknown, s.unknown) as unknown, s.max_active as default_max_active,
       s.service_url, s.service_secret, s.service_timeout_ms, s.service_fallback, s.service_tokens, s.service_lists, c.station_id,
       a.status as answer_status, a.parent_id_tag as answer_parent, a.expires_at as answer_expires_at, a.user_id as answer_user,
       a.max_active as answer_max_active, a.group_max_active as answer_group_max_active
from (select cast($1 as text) as id) o
left join tokens k on k.operator_id = o.id and k.id_tag_key = $2
left join tokens g on g.operator_id = o.id and g.id_tag_key = lower(k.parent_id_tag)
left join authorization_settings s on s.operator_id = o.id
left join chargers c on c.id = cast($3 as bigint)
left join authorization_stations p on p.station_id = c.station_id
left join station_tokens own on own.station_id = p.station_id and own.id_tag_key = $2
left join station_tokens grouped on grouped.station_id = p.station_id and grouped.id_tag_key = lower(k.parent_id_tag)
left join token_answers a on a.operator_id = s.operator_id and a.id_tag_key = $2 and a.until > $4 and s.service_url is not null;

-- The same of an operator who has settled nothing but tokens. Where that is not so, `settled` is 1, and this is no answer.
-- name: authorize_plain
select k.id, k.parent_id_tag, k.user_id, k.max_active,
       k.status, k.valid_from, k.expires_at, k.stations,
       g.status as group_status, g.valid_from as group_valid_from, g.expires_at as group_expires_at,
       g.stations as group_stations, g.group_max_active, coalesce(r.settled, 0) as settled,
       null as access, null as own_rule, null as group_rule, null as unknown, null as default_max_active, null as
       service_url, null as service_secret, null as service_timeout_ms, null as service_fallback, null as service_tokens,
       null as service_lists, null as station_id, null as answer_status, null as answer_parent, null as answer_expires_at,
       null as answer_user, null as answer_max_active, null as answer_group_max_active
from (select cast($1 as text) as id) o
left join tokens k on k.operator_id = o.id and k.id_tag_key = $2
left join tokens g on g.operator_id = o.id and g.id_tag_key = lower(k.parent_id_tag)
left join token_revisions r on r.operator_id = o.id;

-- name: token_list
select id as cursor, token_rows.* from token_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or id_tag_key = lower(cast($2 as text)))
  and (cast($3 as text) is null or lower(parent_id_tag) = lower(cast($3 as text)))
  and (cast($4 as text) is null or user_id = $4)
  and (cast($5 as text) is null or status = $5)
  and (cast($6 as text) is null or type = $6)
  and id > coalesce(cast($7 as bigint), 0)
order by id limit $8;

-- name: token_find
select * from token_rows
where id_tag_key = $1 and (cast($2 as text) is null or operator_id = $2)
order by id limit 2;

-- name: token_get
select * from token_rows where id = $1;

-- name: token_insert
insert into tokens (operator_id, id_tag, id_tag_key, created_at, updated_at, type, name, note, parent_id_tag, status,
                    valid_from, expires_at, user_id, max_active, group_max_active, stations)
select o.id, cast($2 as text), cast($3 as text), cast($4 as {{time}}), cast($4 as {{time}}),
       coalesce(cast($5 as text), 'rfid'), cast($6 as text), cast($7 as text), cast($8 as text),
       coalesce(cast($9 as text), 'accepted'), cast($10 as {{time}}), cast($11 as {{time}}), cast($12 as text),
       cast($13 as bigint), cast($14 as bigint), coalesce(cast($15 as text), 'all')
from operators o where o.id = $1
returning id;

-- name: token_update
update tokens
   set updated_at = cast($3 as {{time}}), type = coalesce(cast($5 as text), 'rfid'), name = $6, note = $7,
       parent_id_tag = $8, status = coalesce(cast($9 as text), 'accepted'), valid_from = cast($10 as {{time}}),
       expires_at = cast($11 as {{time}}), user_id = $12, max_active = cast($13 as bigint),
       group_max_active = cast($14 as bigint), stations = coalesce(cast($15 as text), 'all')
 where id = $1 and (cast($2 as {{time}}) is null or updated_at = cast($2 as {{time}}))
   and operator_id = $4
returning id;

-- name: token_delete
delete from tokens where id = $1 returning id;

-- In the unit of every change.
-- name: token_changed
insert into token_revisions (operator_id, revision, seen_at) select id, 1, cast($2 as {{time}}) from operators where id = $1
on conflict (operator_id) do update set revision = token_revisions.revision + 1;

-- Behind that in the unit, where something else than a token has changed.
-- name: operator_settled
update token_revisions set settled = 1 where operator_id = $1;

-- Time has changed them: a token has become valid since it was last looked.
-- name: tokens_became_valid
update token_revisions
   set revision = revision + 1, seen_at = $1
 where exists (select 1 from tokens k
                where k.operator_id = token_revisions.operator_id and k.valid_from <= $1
                  and (token_revisions.seen_at is null or k.valid_from > token_revisions.seen_at));

-- Settings.

-- name: settings
select o.id as operator_id, s.unknown, s.max_active, s.service_url,
       case when s.service_secret is null then 0 else 1 end as has_service_secret,
       coalesce(s.service_timeout_ms, 2000) as service_timeout_ms, coalesce(s.service_fallback, 'deny') as service_fallback,
       coalesce(s.service_tokens, 'unknown') as service_tokens, coalesce(s.service_lists, 0) as service_lists, s.updated_at
from operators o left join authorization_settings s on s.operator_id = o.id
where o.id = $1;

-- $10: 1 where the secret is to be changed; $12 is the version that may be replaced, NULL: any; with $13 it may not be there at all.
-- name: settings_put
insert into authorization_settings (operator_id, updated_at, unknown, max_active, service_url, service_timeout_ms,
                                    service_fallback, service_tokens, service_lists, service_secret)
select o.id, cast($2 as {{time}}), cast($3 as text), cast($4 as bigint), cast($5 as text), coalesce(cast($6 as integer), 2000),
       coalesce(cast($7 as text), 'deny'), coalesce(cast($8 as text), 'unknown'), coalesce(cast($9 as integer), 0),
       case when cast($10 as integer) = 1 then cast($11 as text) end
from operators o
where o.id = $1
  and (cast($12 as {{time}}) is null
       or exists (select 1 from authorization_settings s where s.operator_id = $1 and s.updated_at = cast($12 as {{time}})))
on conflict (operator_id) do update
   set updated_at = excluded.updated_at, unknown = excluded.unknown, max_active = excluded.max_active,
       service_url = excluded.service_url, service_timeout_ms = excluded.service_timeout_ms,
       service_fallback = excluded.service_fallback, service_tokens = excluded.service_tokens,
       service_lists = excluded.service_lists,
       service_secret = case when cast($10 as integer) = 1 then excluded.service_secret else authorization_settings.service_secret end
 where cast($13 as integer) = 0
   and (cast($12 as {{time}}) is null or authorization_settings.updated_at = cast($12 as {{time}}))
returning operator_id;

-- What the operator's service has answered.

-- name: answer_put
insert into token_answers (operator_id, id_tag, id_tag_key, status, parent_id_tag, expires_at, user_id, max_active,
                           group_max_active, until, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (operator_id, id_tag_key) do update
   set id_tag = excluded.id_tag, status = excluded.status, parent_id_tag = excluded.parent_id_tag,
       expires_at = excluded.expires_at, user_id = excluded.user_id, max_active = excluded.max_active,
       group_max_active = excluded.group_max_active, until = excluded.until, updated_at = excluded.updated_at;

-- One token's, or all.
-- name: answers_forget
delete from token_answers
where operator_id = $1 and (cast($2 as text) is null or id_tag_key = $2);

-- name: answers_expire
delete from token_answers where until <= $1;

-- name: answer_list
select id as cursor, id_tag, status, parent_id_tag, expires_at, user_id, max_active, group_max_active, until, updated_at
from token_answers
where operator_id = $1 and until > $2 and (cast($3 as text) is null or id_tag_key = lower(cast($3 as text)))
  and id > coalesce(cast($4 as bigint), 0)
order by id limit $5;

-- name: station
select s.id as station_id, s.operator_id, coalesce(p.access, 'open') as access, p.unknown, p.updated_at
from stations s left join authorization_stations p on p.station_id = s.id
where s.id = $1 and (cast($2 as text) is null or s.operator_id = $2);

-- $5 and $6 as $12 and $13 of settings_put.
-- name: station_put
insert into authorization_stations (station_id, operator_id, access, unknown, updated_at)
select id, operator_id, coalesce(cast($2 as text), 'open'), cast($3 as text), cast($4 as {{time}}) from stations
where id = $1
  and (cast($5 as {{time}}) is null
       or exists (select 1 from authorization_stations p where p.station_id = $1 and p.updated_at = cast($5 as {{time}})))
on conflict (station_id) do update
   set access = excluded.access, unknown = excluded.unknown, updated_at = excluded.updated_at
 where cast($6 as integer) = 0
   and (cast($5 as {{time}}) is null or authorization_stations.updated_at = cast($5 as {{time}}))
returning station_id;

-- name: station_token_list
select id as cursor, id_tag, rule, updated_at from station_tokens
where station_id = $1 and (cast($2 as text) is null or rule = $2) and id > coalesce(cast($3 as bigint), 0)
order by id limit $4;

-- name: station_token_get
select id_tag, rule, updated_at from station_tokens where station_id = $1 and id_tag_key = $2;

-- A station with a list has a row of its own.
-- name: station_listed
insert into authorization_stations (station_id, operator_id, access, updated_at)
select id, operator_id, 'open', cast($2 as {{time}}) from stations where id = $1
on conflict (station_id) do nothing;

-- name: station_token_put
insert into station_tokens (station_id, operator_id, id_tag, id_tag_key, rule, updated_at)
select id, operator_id, cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as {{time}}) from stations where id = $1
on conflict (station_id, id_tag_key) do update
   set id_tag = excluded.id_tag, rule = excluded.rule, updated_at = excluded.updated_at
returning id_tag, rule, updated_at;

-- name: station_token_delete
delete from station_tokens where station_id = $1 and id_tag_key = $2 returning id;

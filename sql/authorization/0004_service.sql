-- An operator's own service that decides about tokens, and what it has answered for a while.

alter table authorization_settings add column service_url text;      -- null: none
alter table authorization_settings add column service_secret text;   -- of the signature; null: unsigned
alter table authorization_settings add column service_timeout_ms integer not null default 2000 check (service_timeout_ms > 0);
-- When it does not answer.
alter table authorization_settings add column service_fallback text not null default 'deny'
  check (service_fallback in ('deny', 'local', 'accept'));
-- unknown: about tokens whose `unknown` is ask; all: about registered ones, too.
alter table authorization_settings add column service_tokens text not null default 'unknown'
  check (service_tokens in ('unknown', 'all'));
-- 1: what it has answered for a while goes into chargers' local lists for that while.
alter table authorization_settings add column service_lists integer not null default 0;

create table token_answers (
  id                {{id}},
  operator_id       text not null references operators (id),
  id_tag            text not null,
  id_tag_key        text not null,
  status            text not null check (status in ('Accepted', 'Blocked', 'Expired', 'Invalid')),
  parent_id_tag     text,
  expires_at        {{time}},
  user_id           text,
  max_active        integer,
  group_max_active  integer,
  until             {{time}} not null,
  updated_at        {{time}} not null,
  unique (operator_id, id_tag_key)
);
create index token_answers_by_until on token_answers (until);

drop view tokens_at_chargers;
create view tokens_at_chargers as
select k.id, k.operator_id, c.id as charger_id, k.id_tag, k.parent_id_tag, k.updated_at, k.status,
       case when k.status = 'accepted' and coalesce(g.status, 'accepted') = 'accepted'
             and coalesce(own.rule, 'allow') = 'allow' and coalesce(grouped.rule, 'allow') = 'allow'
             and (own.rule = 'allow' or grouped.rule = 'allow'
                  or (coalesce(p.access, 'open') = 'open' and k.stations = 'all' and coalesce(g.stations, 'all') = 'all'))
            then 1 else 0 end as accepted,
       case when k.valid_from is null or g.valid_from > k.valid_from then g.valid_from else k.valid_from end as valid_from,
       case when k.expires_at is null or g.expires_at < k.expires_at then g.expires_at else k.expires_at end as expires_at
from tokens k
join chargers c on c.operator_id = k.operator_id
left join tokens g on g.operator_id = k.operator_id and g.id_tag_key = lower(k.parent_id_tag)
left join authorization_stations p on p.station_id = c.station_id
left join station_tokens own on own.station_id = c.station_id and own.id_tag_key = k.id_tag_key
left join station_tokens grouped on grouped.station_id = c.station_id and grouped.id_tag_key = lower(k.parent_id_tag)
union all
select a.id, a.operator_id, c.id, a.id_tag, a.parent_id_tag, a.updated_at, lower(a.status),
       case when a.status = 'Accepted' and coalesce(own.rule, 'allow') = 'allow'
             and (own.rule = 'allow' or coalesce(p.access, 'open') = 'open') then 1 else 0 end,
       null, case when a.expires_at < a.until then a.expires_at else a.until end
from token_answers a
join authorization_settings s on s.operator_id = a.operator_id and s.service_lists = 1
join chargers c on c.operator_id = a.operator_id
left join authorization_stations p on p.station_id = c.station_id
left join station_tokens own on own.station_id = c.station_id and own.id_tag_key = a.id_tag_key
where not exists (select 1 from tokens k where k.operator_id = a.operator_id and k.id_tag_key = a.id_tag_key);

-- What kind a token is, from when on it counts, what its group may do together, and where it may charge.

alter table tokens add column type text not null default 'rfid' check (type in ('rfid', 'app', 'qr'));
alter table tokens add column name text;
alter table tokens add column note text;
alter table tokens add column valid_from {{time}};
-- Of all members of the group that this token names, together; null or 0: no limit.
alter table tokens add column group_max_active integer check (group_max_active >= 0);
-- listed: only at stations whose list allows it or its group.
alter table tokens add column stations text not null default 'all' check (stations in ('all', 'listed'));
create index tokens_by_valid_from on tokens (operator_id, valid_from) where valid_from is not null;

-- When it was last seen which tokens have become valid by the mere passing of time.
alter table token_revisions add column seen_at {{time}};

-- What is decided for all of an operator's chargers; null: as configured.
create table authorization_settings (
  operator_id  text primary key references operators (id),
  unknown      text check (unknown in ('invalid', 'accept', 'ask', 'pass')),
  max_active   integer check (max_active >= 0),
  updated_at   {{time}} not null
);

-- And for those of one station.
create table authorization_stations (
  station_id   bigint primary key references stations (id) on delete cascade,
  operator_id  text not null references operators (id),
  access       text not null check (access in ('open', 'listed')),  -- listed: only tokens that its list allows
  unknown      text check (unknown in ('invalid', 'accept', 'ask', 'pass')),  -- null: as the operator's
  updated_at   {{time}} not null
);

-- A station's list. Names tokens and groups, registered or not.
create table station_tokens (
  id           {{id}},
  station_id   bigint not null references stations (id) on delete cascade,
  operator_id  text not null references operators (id),
  id_tag       text not null,
  id_tag_key   text not null,
  rule         text not null check (rule in ('allow', 'deny')),
  updated_at   {{time}} not null,
  unique (station_id, id_tag_key)
);

drop view token_rows;
create view token_rows as
select k.id, k.id_tag, k.operator_id, k.type, k.name, k.note, k.parent_id_tag, k.status, k.valid_from, k.expires_at,
       k.user_id, k.max_active, k.group_max_active, k.stations, k.created_at, k.updated_at,
       (select count(*) from counting_transactions t
        where t.operator_id = k.operator_id and t.id_tag_key = k.id_tag_key) as active,
       k.id_tag_key
from tokens k;

-- What a charger may be told of the operator's tokens ahead of time: what speaks for and against them there, but for the time.
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
left join station_tokens grouped on grouped.station_id = c.station_id and grouped.id_tag_key = lower(k.parent_id_tag);

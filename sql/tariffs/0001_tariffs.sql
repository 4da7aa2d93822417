-- Tariffs, their versions, and where they apply.

create table tariffs (
  id           {{id}},
  operator_id  text not null references operators (id),
  name         text not null,
  active       integer not null default 1,
  valid_from   {{time}},                 -- by the start of a session; null: no limit
  valid_until  {{time}},
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  deleted_at   {{time}}                  -- its versions stay: transactions name them
);
create unique index tariffs_by_name on tariffs (operator_id, name) where deleted_at is null;

-- What a price is computed from never changes: a change is a new version.
create table tariff_versions (
  tariff_id    bigint not null references tariffs (id),
  version      integer not null,
  currency     text not null,            -- ISO 4217
  bundled      text,                     -- the bundled script that `source` is a copy of
  source       text not null,            -- Lua
  settings     text not null,            -- a JSON object, the script's `session.settings`
  created_at   {{time}} not null,
  primary key (tariff_id, version)
);

-- One tariff for each place: `place` is operator, station/7 or charger/9.
create table tariff_assignments (
  id           {{id}},
  operator_id  text not null references operators (id),
  place        text not null,
  station_id   bigint references stations (id) on delete cascade,
  charger_id   bigint references chargers (id) on delete cascade,
  tariff_id    bigint not null references tariffs (id),
  created_at   {{time}} not null,
  unique (operator_id, place)
);
create index tariff_assignments_by_tariff on tariff_assignments (tariff_id);

-- What REST shows: each tariff with its newest version.
create view tariff_rows as
select f.id, f.operator_id, f.name, f.active, f.valid_from, f.valid_until, f.created_at, f.updated_at,
       v.version, v.currency, v.bundled, v.source, v.settings
from tariffs f join tariff_versions v on v.tariff_id = f.id
where f.deleted_at is null
  and v.version = (select max(w.version) from tariff_versions w where w.tariff_id = f.id);

-- Operators' own rules for what their chargers do otherwise than OCPP says, and their own scripts that repair it.

create table quirk_rules (
  id           {{id}},
  operator_id  text not null references operators (id),
  name         text not null,
  position     integer not null default 100,  -- lower ones first; bundled rules come behind all of them
  vendor       text,                          -- patterns with * and ?; null: any
  model        text,
  firmware     text,
  validation   text check (validation in ('strict', 'lenient')),  -- null: says nothing of it
  quirks       text not null,                 -- a JSON array of names
  final        integer not null default 0,    -- no rule behind it counts
  active       integer not null default 1,
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  unique (operator_id, name)
);

create table quirk_scripts (
  id           {{id}},
  operator_id  text not null references operators (id),
  name         text not null,
  version      integer not null,
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  unique (operator_id, name)
);

-- All that a script ever was, its newest version included.
create table quirk_script_versions (
  id           {{id}},
  script_id    bigint not null references quirk_scripts (id) on delete cascade,
  version      integer not null,
  source       text not null,                 -- Lua
  created_at   {{time}} not null,
  unique (script_id, version)
);

-- What REST shows.
create view quirk_script_rows as
select s.id, s.operator_id, s.name, s.version, v.source, s.created_at, s.updated_at
from quirk_scripts s join quirk_script_versions v on v.script_id = s.id and v.version = s.version;

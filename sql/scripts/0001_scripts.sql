-- Operators' own Lua: files in versions, and which versions of them answer hooks together.

create table scripts (
  id           {{id}},
  operator_id  text not null references operators (id),
  name         text not null,                 -- main, or what require() knows it by
  version      integer not null,              -- the newest
  deleted      integer not null default 0,    -- its versions stay: they have priced sessions
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  unique (operator_id, name)
);

-- Never changed.
create table script_versions (
  id           {{id}},
  script_id    bigint not null references scripts (id),
  version      integer not null,
  source       text not null,
  note         text,
  created_by   text,
  created_at   {{time}} not null,
  unique (script_id, version)
);

-- The one with the highest number holds. Two that begin with the same one exclude each other by the key.
create table script_activations (
  id           {{id}},
  operator_id  text not null references operators (id),
  number       integer not null,
  origin       integer,                       -- the activation that it brings back
  functions    text not null,                 -- those that main defines, a JSON array
  note         text,
  created_by   text,
  created_at   {{time}} not null,
  unique (operator_id, number)
);

create table script_activation_items (
  operator_id  text not null,
  number       integer not null,
  script_id    bigint not null references scripts (id),
  version      integer not null,
  primary key (operator_id, number, script_id)
);

-- What scripts keep for themselves.
create table script_values (
  operator_id  text not null references operators (id),
  key          text not null,
  value        text not null,                 -- JSON
  updated_at   {{time}} not null,
  primary key (operator_id, key)
);

create table script_failures (
  id           {{id}},
  operator_id  text not null,
  hook         text not null,
  count        bigint not null,
  script       text not null,                 -- these of the last one
  version      text not null,
  line         integer not null,              -- 0: not known
  detail       text not null,
  first_at     {{time}} not null,
  last_at      {{time}} not null,
  unique (operator_id, hook)
);

-- The activation that holds, for each operator that ever had one.
create view script_active as
select a.operator_id, a.number, a.functions, a.origin
from script_activations a
join (select operator_id, max(number) as number from script_activations group by operator_id) newest
  on newest.operator_id = a.operator_id and newest.number = a.number;

-- What REST shows of a script.
create view script_rows as
select s.id, s.operator_id, s.name, s.version, i.version as active_version, s.created_at, s.updated_at
from scripts s
left join script_active a on a.operator_id = s.operator_id
left join script_activation_items i
  on i.operator_id = s.operator_id and i.number = a.number and i.script_id = s.id
where s.deleted = 0;

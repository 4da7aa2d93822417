-- The local authorization list of each charger: what it has as far as is known, and how that stands.

create table local_lists (
  charger_id    bigint primary key references chargers (id) on delete cascade,
  operator_id   text not null references operators (id),
  mode          text check (mode in ('on', 'off')),  -- null: as configured
  state         text not null check (state in ('due', 'current', 'failed', 'unsupported')),
  reason        text,
  version       bigint not null,        -- what the charger has said or accepted last
  known         integer not null,       -- 0: the entries may not be what it has
  revision      bigint,                 -- of the operator's tokens, when they were last compared
  left_out      bigint not null,        -- tokens that the charger has no room for
  list_max      bigint,                 -- LocalAuthListMaxLength; null: it has not said
  part_max      bigint,                 -- SendLocalListMaxLength
  asked_limits  integer not null,
  failures      integer not null,       -- one after the other
  try_at        {{time}},               -- not before
  synced_at     {{time}},               -- null: it is not ours
  updated_at    {{time}} not null
);
create index local_lists_by_operator on local_lists (operator_id, charger_id);

create table local_list_entries (
  charger_id   bigint not null references chargers (id) on delete cascade,
  id_tag_key   text not null,           -- in lower case
  id_tag       text not null,
  info         text not null,           -- OCPP's idTagInfo
  primary key (charger_id, id_tag_key)
);

create view local_list_rows as
select c.id as charger_id, c.charge_point_id, c.operator_id, l.mode, coalesce(l.state, 'due') as state, l.reason,
       coalesce(l.version, 0) as version, coalesce(l.known, 0) as known,
       (select count(*) from local_list_entries e where e.charger_id = c.id) as entries,
       coalesce(l.left_out, 0) as left_out, l.list_max, l.part_max, l.synced_at, l.updated_at,
       l.revision, coalesce(l.asked_limits, 0) as asked_limits, coalesce(l.failures, 0) as failures, l.try_at,
       coalesce(v.revision, 0) as tokens_revision, c.registration
from chargers c
left join local_lists l on l.charger_id = c.id
left join token_revisions v on v.operator_id = c.operator_id;

-- One command to many chargers.
create table bulk_commands (
  id           text primary key,
  operator_id  text not null references operators (id),
  action       text not null,
  payload      text not null,
  selection    text not null,
  at_once      integer not null,
  if_offline   text not null check (if_offline in ('fail', 'queue')),
  state        text not null check (state in ('preparing', 'running', 'stopped', 'done')),
  requested_by text not null,
  created_at   {{time}} not null,
  deadline_at  {{time}} not null,
  ended_at     {{time}}
);
create index bulk_commands_by_operator on bulk_commands (operator_id, id);

-- `asked` is claimed first, then asked: the row in `commands` that was requested by "bulk <id>" tells the rest.
create table bulk_command_chargers (
  bulk_id         text not null references bulk_commands (id) on delete cascade,
  charger_id      bigint not null,
  charge_point_id text not null,
  state           text not null default 'waiting' check (state in
                    ('waiting', 'asked', 'accepted', 'rejected', 'failed', 'timed_out', 'expired', 'stopped')),
  detail          text,
  asked_at        {{time}},
  primary key (bulk_id, charger_id)
);
create index bulk_command_chargers_by_state on bulk_command_chargers (bulk_id, state, charger_id);

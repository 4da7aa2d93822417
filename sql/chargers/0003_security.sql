-- Passwords that chargers have been asked to take, and the security profile that one has agreed to.

alter table chargers add column pending_profile integer check (pending_profile between 0 and 3);
alter table chargers add column pending_profile_command text;

-- asked: its answer is awaited; open: its answer was lost; taken: accepted, as of the next reboot.
create table charger_passwords (
  id           {{id}},
  operator_id  text not null references operators (id),
  charger_id   bigint not null references chargers (id) on delete cascade,
  command_id   text not null unique,
  hash         text not null,
  state        text not null default 'asked' check (state in ('asked', 'open', 'taken')),
  created_at   {{time}} not null
);
create index charger_passwords_by_charger on charger_passwords (charger_id, id);

-- "<id>:<state>:<hash>", parted by spaces.
-- @sqlite
create view pending_passwords as
select charger_id, group_concat(id || ':' || state || ':' || hash, ' ') as list
from charger_passwords group by charger_id;
-- @end
-- @postgres
create view pending_passwords as
select charger_id, string_agg(id || ':' || state || ':' || hash, ' ' order by id) as list
from charger_passwords group by charger_id;
-- @end

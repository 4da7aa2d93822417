-- What is decided for all chargers of a station. A charger's own mode comes first. And whether a list was seen to be as the
-- tokens of its revision are, and has not been touched since.

alter table local_lists add column matched integer not null default 0;

create table local_list_stations (
  station_id   bigint primary key references stations (id) on delete cascade,
  operator_id  text not null references operators (id),
  mode         text check (mode in ('on', 'off')),  -- null: as configured
  updated_at   {{time}} not null
);

drop view local_list_rows;
create view local_list_rows as
select c.id as charger_id, c.charge_point_id, c.operator_id, l.mode, s.mode as station_mode, coalesce(l.mode, s.mode) as decided,
       coalesce(l.state, 'due') as state, l.reason,
       coalesce(l.version, 0) as version, coalesce(l.known, 0) as known,
       (select count(*) from local_list_entries e where e.charger_id = c.id) as entries,
       coalesce(l.left_out, 0) as left_out, l.list_max, l.part_max, l.synced_at, l.updated_at,
       l.revision, coalesce(l.asked_limits, 0) as asked_limits, coalesce(l.failures, 0) as failures, l.try_at,
       coalesce(v.revision, 0) as tokens_revision,
       case when l.matched = 1 and l.known = 1 and l.revision = coalesce(v.revision, 0) then 1 else 0 end as as_compared, c.registration
from chargers c
left join local_lists l on l.charger_id = c.id
left join local_list_stations s on s.station_id = c.station_id
left join token_revisions v on v.operator_id = c.operator_id;

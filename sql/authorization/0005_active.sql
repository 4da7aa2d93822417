-- Counted through the index on lower(id_tag): SQLite looks into an index on an expression only by another expression.

drop view token_rows;
create view token_rows as
select k.id, k.id_tag, k.operator_id, k.type, k.name, k.note, k.parent_id_tag, k.status, k.valid_from, k.expires_at,
       k.user_id, k.max_active, k.group_max_active, k.stations, k.created_at, k.updated_at,
       (select count(*) from counting_transactions t
        where t.operator_id = k.operator_id and t.id_tag_key = lower(k.id_tag)) as active,
       k.id_tag_key
from tokens k;

-- A station with a list has a row of its own.
insert into authorization_stations (station_id, operator_id, access, updated_at)
select t.station_id, min(t.operator_id), 'open', min(t.updated_at) from station_tokens t
where not exists (select 1 from authorization_stations p where p.station_id = t.station_id)
group by t.station_id;

-- The registry in memory.

-- name: load
select id, charge_point_id, operator_id, registration, validation, security_profile, password_hash,
       quirks, vendor, model, firmware_version, serial_number,
       case when pending_profile_command is null then pending_profile else -pending_profile end,
       (select list from pending_passwords where charger_id = chargers.id)
from chargers where id > $1 order by id limit $2;

-- name: load_changed
select id, charge_point_id, operator_id, registration, validation, security_profile, password_hash,
       quirks, vendor, model, firmware_version, serial_number,
       case when pending_profile_command is null then pending_profile else -pending_profile end,
       (select list from pending_passwords where charger_id = chargers.id)
from chargers where updated_at >= cast($1 as {{time}}) order by id;

-- name: load_one
select id, charge_point_id, operator_id, registration, validation, security_profile, password_hash,
       quirks, vendor, model, firmware_version, serial_number,
       case when pending_profile_command is null then pending_profile else -pending_profile end,
       (select list from pending_passwords where charger_id = chargers.id)
from chargers where id = $1;

-- name: count
select count(*) as chargers from chargers;

-- The service.

-- name: find
select id, charge_point_id, operator_id, station_id, registration, vendor, model, firmware_version, serial_number,
       security_profile
from chargers where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- $2: identities, as a JSON array.
-- name: select @sqlite
select id, charge_point_id, operator_id, station_id, registration, vendor, model, firmware_version, serial_number,
       security_profile
from chargers
where ($1 is null or operator_id = $1)
  and ($2 is null or charge_point_id in (select value from json_each($2)))
  and ($3 is null or station_id = $3) and ($4 is null or vendor = $4) and ($5 is null or model = $5)
  and ($6 is null or firmware_version = $6)
  and id > $7
order by id limit $8;

-- name: select @postgres
select id, charge_point_id, operator_id, station_id, registration, vendor, model, firmware_version, serial_number,
       security_profile
from chargers
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or charge_point_id in (select json_array_elements_text(cast($2 as json))))
  and (cast($3 as bigint) is null or station_id = cast($3 as bigint))
  and (cast($4 as text) is null or vendor = $4)
  and (cast($5 as text) is null or model = $5)
  and (cast($6 as text) is null or firmware_version = $6)
  and id > $7
order by id limit cast($8 as bigint);

-- Chargers that nobody registered.

-- name: reserve_id @postgres
select nextval(pg_get_serial_sequence('chargers', 'id')) as id;

-- name: reserve_id @sqlite
update sqlite_sequence set seq = seq + 1 where name = 'chargers' returning seq as id;

-- name: register_unknown
insert into chargers (id, operator_id, charge_point_id, registration, created_at, updated_at)
values ($1, $2, $3, $4, cast($5 as {{time}}), cast($5 as {{time}}));

-- name: set_last_seen
update chargers set last_seen_at = cast($2 as {{time}})
where id = $1 and (last_seen_at is null or last_seen_at < cast($2 as {{time}}));

-- Stations.

-- name: station_list
select id as cursor, id, operator_id, name, address, latitude, longitude, time_zone, created_at, updated_at
from stations
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or name = $2)
  and id > coalesce(cast($3 as bigint), 0)
order by id limit $4;

-- name: station_get
select id, operator_id, name, address, latitude, longitude, time_zone, created_at, updated_at
from stations
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: station_insert
insert into stations (operator_id, name, address, latitude, longitude, time_zone, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as {{real}}), cast($5 as {{real}}), cast($6 as text),
       cast($7 as {{time}}), cast($7 as {{time}})
from operators o where o.id = $1
returning id;

-- name: station_update
update stations set name = $2, address = $3, latitude = $4, longitude = $5, time_zone = $6,
       updated_at = cast($7 as {{time}})
where id = $1 and (cast($8 as {{time}}) is null or updated_at = cast($8 as {{time}}))
returning id;

-- name: station_delete
delete from stations where id = $1 returning id;

-- Chargers.

-- name: charger_list
select c.id, c.operator_id, c.station_id, c.charge_point_id, c.registration, c.validation, c.quirks, c.security_profile,
       c.vendor, c.model, c.serial_number, c.box_serial_number, c.firmware_version, c.iccid, c.imsi, c.meter_type,
       c.meter_serial_number,
       (select cast(coalesce(sum(f.count), 0) as bigint) from charger_faults f
        where f.charger_id = c.id and f.kind = 'violation') as violations,
       (select cast(coalesce(sum(f.count), 0) as bigint) from charger_faults f
        where f.charger_id = c.id and f.kind = 'repair') as repairs,
       c.last_boot_at, c.created_at, c.updated_at, c.last_seen_at,
       case when c.password_hash is null then 0 else 1 end as has_password
from chargers c
where (cast($1 as text) is null or c.operator_id = $1)
  and (cast($2 as text) is null or c.charge_point_id = $2)
  and (cast($3 as bigint) is null or c.station_id = cast($3 as bigint))
  and (cast($4 as text) is null or c.registration = $4)
  and (cast($5 as text) is null or c.vendor = $5)
  and (cast($6 as text) is null or c.model = $6)
  and c.id > coalesce(cast($7 as bigint), 0)
order by c.id limit $8;

-- Of a page of chargers; $1: their ids with commas between them.
-- name: charger_list_connectors @postgres
select charger_id, connector_id, status, error_code, info, vendor_id, vendor_error_code, status_at from connectors
where charger_id = any (cast('{' || $1 || '}' as bigint[])) order by charger_id, connector_id;

-- name: charger_list_connectors @sqlite
select charger_id, connector_id, status, error_code, info, vendor_id, vendor_error_code, status_at from connectors
where charger_id in (select value from json_each('[' || $1 || ']')) order by charger_id, connector_id;

-- name: charger_get
select * from charger_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2)
order by connector_id;

-- The station, where one is named, must be of the same operator.
-- name: charger_insert
insert into chargers (operator_id, charge_point_id, station_id, registration, validation, security_profile,
                      password_hash, vendor, model, created_at, updated_at, quirks)
select o.id, cast($2 as text), cast($3 as bigint), cast($4 as text), cast($5 as text), cast($6 as bigint),
       cast($7 as text), cast($8 as text), cast($9 as text), cast($10 as {{time}}), cast($10 as {{time}}), cast($11 as text)
from operators o
where o.id = $1
  and (cast($3 as bigint) is null
       or exists (select 1 from stations s where s.id = cast($3 as bigint) and s.operator_id = o.id))
returning id;

-- Changes of one charger go one after the other; before pending_drop_all and charger_update, which hold together.
-- name: charger_lock
update chargers set updated_at = updated_at where id = $1;

-- name: charger_update
update chargers set station_id = cast($2 as bigint), registration = $3, validation = $4, security_profile = cast($5 as bigint),
       password_hash = case when cast($6 as bigint) = 1 then cast($7 as text) else password_hash end,
       vendor = $8, model = $9, updated_at = cast($10 as {{time}}), quirks = cast($12 as text),
       pending_profile = case when security_profile = cast($5 as bigint) then pending_profile end,
       pending_profile_command = case when security_profile = cast($5 as bigint) then pending_profile_command end
where id = $1 and (cast($11 as {{time}}) is null or updated_at = cast($11 as {{time}}))
  and (cast($2 as bigint) is null
       or exists (select 1 from stations s where s.id = cast($2 as bigint) and s.operator_id = chargers.operator_id))
returning id;

-- name: charger_delete
delete from chargers where id = $1 returning id;

-- name: charger_faults_delete
delete from charger_faults where charger_id = $1;

-- Passwords and profiles on their way (pending.c). Each unit ends with load_one.

-- name: pending_add
insert into charger_passwords (operator_id, charger_id, command_id, hash, created_at)
select operator_id, id, cast($2 as text), cast($3 as text), cast($4 as {{time}}) from chargers where charge_point_id = $1
on conflict (command_id) do nothing
returning charger_id, id;

-- name: pending_use
update chargers set password_hash = (select hash from charger_passwords where id = $2), updated_at = cast($3 as {{time}})
where id = $1 and exists (select 1 from charger_passwords where id = $2);

-- name: pending_drop_up_to
delete from charger_passwords where charger_id = $1 and id <= $2;

-- name: pending_drop_open
delete from charger_passwords where charger_id = $1 and state = 'open';

-- An admin sets the password, if charger_update is about to: $2 is its version, $3 its station.
-- name: pending_drop_all
delete from charger_passwords where charger_id = $1
  and exists (select 1 from chargers c
              where c.id = $1 and (cast($2 as {{time}}) is null or c.updated_at = cast($2 as {{time}}))
                and (cast($3 as bigint) is null
                     or exists (select 1 from stations s where s.id = cast($3 as bigint) and s.operator_id = c.operator_id)));

-- name: pending_accept
update chargers set password_hash = (select hash from charger_passwords where command_id = $1),
       updated_at = cast($2 as {{time}})
where id = (select charger_id from charger_passwords where command_id = $1);

-- name: pending_accepted
delete from charger_passwords
where charger_id = (select w.charger_id from charger_passwords w where w.command_id = $1)
  and id <= (select w.id from charger_passwords w where w.command_id = $1);

-- name: pending_state
update charger_passwords set state = $2 where command_id = $1;

-- name: pending_drop
delete from charger_passwords where command_id = $1;

-- name: touch
update chargers set updated_at = cast($2 as {{time}}) where id = $1;

-- name: touch_identity
update chargers set updated_at = cast($2 as {{time}}) where charge_point_id = $1;

-- name: profile_ask
update chargers set pending_profile = cast($2 as bigint), pending_profile_command = $3, updated_at = cast($4 as {{time}})
where charge_point_id = $1 and security_profile < cast($2 as bigint);

-- name: profile_agreed
update chargers set pending_profile_command = null, updated_at = cast($3 as {{time}})
where charge_point_id = $1 and pending_profile_command = $2;

-- name: profile_drop
update chargers set pending_profile = null, pending_profile_command = null, updated_at = cast($3 as {{time}})
where charge_point_id = $1 and pending_profile_command = $2;

-- name: profile_use
update chargers set security_profile = cast($2 as bigint), pending_profile = null, pending_profile_command = null,
       updated_at = cast($3 as {{time}})
where id = $1;

-- name: load_identity
select id, charge_point_id, operator_id, registration, validation, security_profile, password_hash,
       quirks, vendor, model, firmware_version, serial_number,
       case when pending_profile_command is null then pending_profile else -pending_profile end,
       (select list from pending_passwords where charger_id = chargers.id)
from chargers where charge_point_id = $1;

-- Connectors.

-- name: kind_list
select connector_id as cursor, connector_id, type, max_power_w from connector_kinds
where charger_id = $1 and connector_id > coalesce(cast($2 as bigint), 0) order by connector_id limit $3;

-- name: kind_get
select connector_id, type, max_power_w from connector_kinds where charger_id = $1 and connector_id = $2;

-- name: kind_set
insert into connector_kinds (charger_id, connector_id, operator_id, type, max_power_w)
select c.id, cast($2 as integer), c.operator_id, cast($3 as text), cast($4 as bigint) from chargers c where c.id = $1
on conflict (charger_id, connector_id) do update
set type = case when cast($5 as bigint) = 1 then excluded.type else connector_kinds.type end,
    max_power_w = case when cast($6 as bigint) = 1 then excluded.max_power_w else connector_kinds.max_power_w end
returning connector_id, type, max_power_w;

-- name: kind_delete
delete from connector_kinds where charger_id = $1 and connector_id = $2 returning connector_id;

-- A charger's own choice of rules. `validation` may be null now: by the rules for its vendor, model and firmware.

drop view charger_rows;
alter table chargers add column validation_mode text check (validation_mode in ('strict', 'lenient'));
update chargers set validation_mode = validation where validation <> 'strict';
alter table chargers drop column validation;
alter table chargers rename column validation_mode to validation;
alter table chargers add column quirks text;  -- a JSON array of names; null: by the rules

create view charger_rows as
select c.id, c.operator_id, c.station_id, c.charge_point_id, c.registration, c.validation, c.quirks,
       c.security_profile, c.vendor, c.model, c.serial_number, c.box_serial_number,
       c.firmware_version, c.iccid, c.imsi, c.meter_type, c.meter_serial_number,
       (select cast(coalesce(sum(f.count), 0) as bigint) from charger_faults f
        where f.charger_id = c.id and f.kind = 'violation') as violations,
       (select cast(coalesce(sum(f.count), 0) as bigint) from charger_faults f
        where f.charger_id = c.id and f.kind = 'repair') as repairs,
       c.last_boot_at, c.created_at, c.updated_at, c.last_seen_at,
       case when c.password_hash is null then 0 else 1 end as has_password,
       k.connector_id, k.status, k.error_code, k.info, k.vendor_id, k.vendor_error_code, k.status_at
from chargers c left join connectors k on k.charger_id = c.id;

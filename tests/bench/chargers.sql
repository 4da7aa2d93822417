-- 10,000 chargers with two connectors each, in 200 stations of two operators. Both engines read this.

insert into operators (id, name, created_at) values ('north', 'North', '2026-01-01T00:00:00.000Z');

insert into stations (operator_id, name, address, latitude, longitude, time_zone, created_at, updated_at)
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
select case when i % 10 = 0 then 'north' else 'default' end, 'Station ' || i, i || ' Main Street',
       48 + i * 0.01, 11 + i * 0.01, 'Europe/Berlin', '2026-11-01T08:00:00.000Z', '2026-11-01T08:00:00.000Z'
from n;

-- One of 100 is pending, one of 1,000 is of a rare model.
insert into chargers (operator_id, station_id, charge_point_id, registration, vendor, model, serial_number, firmware_version,
                      last_boot_at, last_seen_at, created_at, updated_at)
with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000)
select s.operator_id, s.id, 'SIM' || n.i, case when n.i > 5000 and n.i % 100 = 0 then 'pending' else 'accepted' end,
       'Vendor ' || (n.i % 7), case when n.i % 1000 = 0 then 'Rare' else 'Model ' || (n.i % 20) end, 'S' || (100000 + n.i), '1.4.2',
       '2026-11-20T08:00:00.000Z', '2026-11-20T08:00:00.000Z', '2026-11-01T08:00:00.000Z', '2026-11-01T08:00:00.000Z'
from n join stations s on s.name = 'Station ' || ((n.i - 1) % 200 + 1)
order by n.i;

insert into connectors (charger_id, connector_id, operator_id, status, error_code, status_at, received_at)
select c.id, k.i, c.operator_id, case when (c.id + k.i) % 3 = 0 then 'Charging' else 'Available' end, 'NoError',
       '2026-11-20T08:00:00.000Z', '2026-11-20T08:00:00.000Z'
from chargers c, (select 1 as i union all select 2) k;

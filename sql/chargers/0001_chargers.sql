-- Stations, the chargers in them, their connectors, and what these have reported.

create table stations (
  id           {{id}},
  operator_id  text not null references operators (id),
  name         text not null,
  address      text,
  latitude     {{real}},
  longitude    {{real}},
  time_zone    text,                   -- IANA name; the operator's if null
  created_at   {{time}} not null,
  updated_at   {{time}} not null
);

create table chargers (
  id                 {{id}},
  operator_id        text not null references operators (id),
  station_id         bigint references stations (id),
  charge_point_id    text not null unique,
  registration       text not null default 'accepted' check (registration in ('accepted', 'pending', 'rejected')),
  validation         text not null default 'strict' check (validation in ('strict', 'lenient')),
  security_profile   integer not null default 0 check (security_profile between 0 and 3),
  password_hash      text,             -- null: no password asked
  vendor             text,
  model              text,
  serial_number      text,
  box_serial_number  text,
  firmware_version   text,
  iccid              text,
  imsi               text,
  meter_type         text,
  meter_serial_number text,
  last_boot_at       {{time}},
  last_seen_at       {{time}},         -- coalesced: up to a minute late
  created_at         {{time}} not null,
  updated_at         {{time}} not null
);
-- @sqlite
-- Ids are taken from here before their rows exist, as from PostgreSQL's sequence.
insert into sqlite_sequence (name, seq) values ('chargers', 0);
-- @end
create index chargers_by_station on chargers (station_id);
create index chargers_by_update on chargers (updated_at);

-- The latest status of each connector; connector_id 0 is the charger itself.
create table connectors (
  charger_id         bigint not null references chargers (id) on delete cascade,
  connector_id       integer not null,
  operator_id        text not null,
  status             text not null,
  error_code         text not null,
  info               text,
  vendor_id          text,
  vendor_error_code  text,
  status_at          {{time}} not null, -- as the charger says, else as received
  received_at        {{time}} not null,
  primary key (charger_id, connector_id)
);

create table connector_history (
  id                 {{id}},
  charger_id         bigint not null references chargers (id) on delete cascade,
  connector_id       integer not null,
  operator_id        text not null,
  status             text not null,
  error_code         text not null,
  info               text,
  vendor_id          text,
  vendor_error_code  text,
  status_at          {{time}} not null,
  received_at        {{time}} not null
);
create index connector_history_by_connector on connector_history (charger_id, connector_id, id);

-- What REST shows: one row per charger and connector, connector_id null for a charger without any.
create view charger_rows as
select c.id, c.operator_id, c.station_id, c.charge_point_id, c.registration, c.validation,
       c.security_profile, c.vendor, c.model, c.serial_number, c.box_serial_number,
       c.firmware_version, c.iccid, c.imsi, c.meter_type, c.meter_serial_number,
       c.last_boot_at, c.created_at, c.updated_at, c.last_seen_at,
       case when c.password_hash is null then 0 else 1 end as has_password,
       k.connector_id, k.status, k.error_code, k.info, k.vendor_id, k.vendor_error_code, k.status_at
from chargers c left join connectors k on k.charger_id = c.id;

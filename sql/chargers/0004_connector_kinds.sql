-- What a connector is, as its operator knows; OCPP 1.6 does not tell.
create table connector_kinds (
  charger_id    bigint not null references chargers (id) on delete cascade,
  connector_id  integer not null,
  operator_id   text not null,
  type          text,                   -- as OCPI names it: IEC_62196_T2, IEC_62196_T2_COMBO, CHADEMO, ...
  max_power_w   bigint,
  primary key (charger_id, connector_id)
);

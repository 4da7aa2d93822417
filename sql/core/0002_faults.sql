-- How often chargers break the rules, and how often what they sent was repaired.

create table charger_faults (
  id               {{id}},
  charger_id       bigint not null,
  fault_key        text not null,          -- of kind, direction, action, code, path and rule; or the kind alone: all others
  operator_id      text not null,
  charge_point_id  text not null,
  kind             text not null check (kind in ('violation', 'repair', 'failure')),
  direction        text check (direction in ('request', 'response', 'frame')),
  action           text,
  code             text,                   -- of the CALLERROR that it is worth
  path             text,                   -- in the payload, items of arrays without their numbers
  rule             text,                   -- what was broken; of a repair its name
  count            bigint not null,
  first_at         {{time}} not null,
  last_at          {{time}} not null,
  last_message_id  text,
  unique (charger_id, fault_key)
);

-- Reservations of chargers and of their connectors. The last number that each charger was given.

create table reservation_numbers (
  charger_id  bigint primary key references chargers (id) on delete cascade,
  last        integer not null
);

create table reservations (
  id              {{id}},
  operator_id     text not null references operators (id),
  charger_id      bigint not null references chargers (id) on delete cascade,
  reservation_id  integer not null,       -- OCPP's
  connector_id    integer not null,       -- 0: any connector of the charger
  id_tag          text not null,
  parent_id_tag   text,
  expires_at      {{time}} not null,
  -- pending: the charger has not answered. rejected, used, cancelled, expired and ended are for good,
  -- unless the same number is reserved again.
  state           text not null check (state in ('pending', 'active', 'rejected', 'used', 'cancelled', 'expired', 'ended')),
  status          text,                   -- the charger's answer where it was not Accepted
  reason          text,                   -- why it is not open any more, where the state does not say it
  command_id      text not null,          -- the newest ReserveNow
  asked_at        {{time}} not null,
  accepted_at     {{time}},
  confirmed_at    {{time}},               -- the connector's status Reserved
  ended_at        {{time}},
  transaction_id  bigint,                 -- that has used it
  passed_over_by  bigint not null default 0,  -- the newest transaction of another token there
  -- What was the newest of each table when it was asked for: only what came later is looked at.
  after_status       bigint not null,
  after_transaction  bigint not null,
  history         text not null,          -- one JSON object per line: at, state, detail
  unique (charger_id, reservation_id)
);
create index reservations_open on reservations (charger_id, connector_id) where state in ('pending', 'active');
create index reservations_due on reservations (expires_at) where state in ('pending', 'active');
create index reservations_by_end on reservations (ended_at);
create index reservations_by_token on reservations (lower(id_tag), id);
create index reservations_by_transaction on reservations (transaction_id);

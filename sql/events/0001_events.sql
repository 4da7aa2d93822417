-- What has happened, in an order that holds on every node: whoever has read up to an id has seen all that will ever be below it.

create table events (
  id               {{id}},
  at               {{time}} not null,
  operator_id      text,               -- null: the server's own, for admins of all operators
  kind             text not null,      -- charger, connector, transaction, command, ...
  event            text not null,      -- the topic: transaction.started
  charger_id       bigint,
  charge_point_id  text,
  station_id       bigint,
  connector_id     integer,
  transaction_id   bigint,
  command_id       text,
  user_id          text,               -- whose it is
  data             text not null       -- JSON, as it was told
);

-- The last batch of each process that has written, so that one whose commit is in doubt is not written twice.
create table event_writers (
  writer  text primary key,
  batch   bigint not null,
  at      {{time}} not null
);

-- All events up to this one have been deleted by the retention.
create table event_horizon (
  one       integer primary key check (one = 1),
  swept_id  bigint not null
);
insert into event_horizon (one, swept_id) values (1, 0);

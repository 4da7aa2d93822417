-- Who is told of what, what has happened, and what became of telling it.

create table subscriptions (
  id               {{id}},
  operator_id      text not null references operators (id),
  user_id          text,                   -- only events about this user; null: all of the operator's
  name             text not null,
  channel          text not null check (channel in ('email', 'webhook', 'sms', 'push')),
  target           text not null,          -- address, URL, number, device
  events           text not null,          -- a JSON array of names; "*": all
  filter           text not null,          -- a JSON object: members that an event's data must have
  language         text not null,
  active           integer not null,
  disabled_reason  text,                   -- why it is not active, if nobody said so
  failing_since    {{time}},               -- of the first failure after the last success
  secret           text,                   -- of a webhook
  old_secret       text,                   -- still signs as well until old_secret_until
  old_secret_until {{time}},
  claimed_until    {{time}},               -- a node is delivering to it
  created_at       {{time}} not null,
  updated_at       {{time}} not null
);
create index subscriptions_by_operator on subscriptions (operator_id, id);

create table notification_events (
  id           {{id}},
  operator_id  text not null references operators (id),
  event        text not null,              -- session.started, ...
  event_key    text not null unique,       -- of the fact: it is one event, however often it is looked at
  user_id      text,
  data         text not null,              -- JSON
  at           {{time}} not null,
  created_at   {{time}} not null
);
create index notification_events_by_time on notification_events (created_at);

create table deliveries (
  id               {{id}},
  operator_id      text not null,
  subscription_id  bigint not null references subscriptions (id) on delete cascade,
  event_id         bigint not null references notification_events (id) on delete cascade,
  -- delivered and suppressed (by a script) are good ends, dead is none
  state            text not null check (state in ('waiting', 'delivered', 'suppressed', 'dead')),
  tries            integer not null,
  next_at          {{time}} not null,
  status           integer,                -- of the last answer
  error            text,
  latency_ms       bigint,
  test             integer not null,       -- an admin asked for it
  created_at       {{time}} not null,
  ended_at         {{time}}
);
create unique index deliveries_once on deliveries (subscription_id, event_id);
create index deliveries_waiting on deliveries (subscription_id, id) where state = 'waiting';
create index deliveries_by_operator on deliveries (operator_id, id);
create index deliveries_by_event on deliveries (event_id);

create table delivery_attempts (
  id           {{id}},
  delivery_id  bigint not null references deliveries (id) on delete cascade,
  at           {{time}} not null,
  status       integer,
  error        text,
  latency_ms   bigint not null
);
create index delivery_attempts_by_delivery on delivery_attempts (delivery_id, id);

-- Operators' own texts, one script per language. The version counts up, so that a sandbox takes the new one.
create table notification_templates (
  id           {{id}},
  operator_id  text not null references operators (id),
  language     text not null,
  version      integer not null,
  source       text not null,
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  unique (operator_id, language)
);

-- How text messages and pushes are handed to an operator's provider.
create table notification_gateways (
  id           {{id}},
  operator_id  text not null references operators (id),
  channel      text not null check (channel in ('sms', 'push')),
  method       text not null,
  url          text not null,
  headers      text not null,              -- a JSON object
  body         text,
  body_type    text not null check (body_type in ('json', 'form', 'text')),
  secret       text,                       -- what its secret stands for; never shown
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  unique (operator_id, channel)
);

-- Up to when everything has been looked at.
create table notification_state (
  id            integer primary key check (id = 1),
  looked_until  {{time}} not null
);

-- Chargers whose being offline has been told, until their being back is.
create table charger_outages (
  charger_id    bigint primary key references chargers (id) on delete cascade,
  operator_id   text not null,
  offline_since {{time}} not null
);

-- What is looked for, newest first.
create index transactions_by_end on transactions (ended_at) where ended_at is not null;
create index transactions_by_receipt on transactions (received_at);
create index bills_by_time on bills (billed_at) where billed_at is not null;
create index wallet_journals_by_time on wallet_journals (at);
create index connector_faults_by_time on connector_history (received_at) where status = 'Faulted';
create index tasks_dead on tasks (ended_at) where state = 'dead';

create view subscription_rows as
select id, operator_id, user_id, name, channel, target, language, active, disabled_reason, failing_since,
       old_secret_until, created_at, updated_at, events, filter
from subscriptions;

create view delivery_rows as
select d.id, d.operator_id, d.subscription_id, s.channel, s.target, d.event_id, e.event, d.state, d.tries,
       case when d.state = 'waiting' then d.next_at end as next_at, d.status, d.error, d.latency_ms, d.created_at, d.ended_at,
       e.at as event_at, d.test
from deliveries d join subscriptions s on s.id = d.subscription_id join notification_events e on e.id = d.event_id;

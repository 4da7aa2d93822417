-- Invoices, receipts and credit notes, and whom they are from and for.

-- Who issues (user_id '': the operator itself) and who is invoiced (the operator's users).
create table invoice_parties (
  operator_id  text not null references operators (id),
  user_id      text not null,
  details      text not null,              -- a JSON object: names, addresses, settings
  created_at   {{time}} not null,
  updated_at   {{time}} not null,
  primary key (operator_id, user_id)
);

-- The last number given of each series. It moves in the unit that stores the document: there are no gaps.
create table invoice_series (
  operator_id  text not null references operators (id),
  series       text not null,              -- what stands before the number: "2026-"
  last_number  bigint not null,
  primary key (operator_id, series)
);

-- `content` is all that the document says, and never changes.
create table invoices (
  id              text primary key,
  operator_id     text not null references operators (id),
  kind            text not null check (kind in ('invoice', 'receipt', 'credit_note')),
  series          text not null,
  series_number   bigint not null,
  number          text not null,           -- as printed: "2026-000001"
  user_id         text,
  month           text,                    -- "2026-11", of a monthly one
  transaction_id  bigint,                  -- of one about a single session
  refers_to       text references invoices (id),
  reference       text not null,           -- what makes it the only one of its kind
  currency        text not null,
  net_minor       bigint not null,
  tax_minor       bigint not null,
  total_minor     bigint not null,         -- of a credit note less than 0
  credited_minor  bigint not null default 0 check (credited_minor >= 0),
  cancelled       integer not null default 0,  -- 1: its sessions may stand on another invoice
  issued_at       {{time}} not null,
  content         text not null,           -- JSON
  unique (operator_id, series, series_number),
  unique (operator_id, kind, reference),
  check (net_minor + tax_minor = total_minor),
  check (kind <> 'invoice' or credited_minor <= total_minor)
);
create index invoices_by_user on invoices (operator_id, user_id, id);
create index invoices_by_reference on invoices (refers_to) where refers_to is not null;
create index invoices_by_transaction on invoices (transaction_id) where transaction_id is not null;

-- A session stands on one invoice at most.
create table invoice_sessions (
  transaction_id  bigint primary key references transactions (id),
  invoice_id      text not null references invoices (id),
  amount_minor    bigint not null,
  priced_at       {{time}} not null
);
create index invoice_sessions_by_invoice on invoice_sessions (invoice_id);

-- A month's invoices of one operator, user by user.
create table invoice_runs (
  operator_id  text not null references operators (id),
  month        text not null,
  token        text not null,              -- of the task that works it off; others end
  state        text not null check (state in ('running', 'done')),
  from_at      {{time}} not null,
  to_at        {{time}} not null,
  after_user   text not null default '',   -- users up to this one are done
  issued       integer not null default 0,
  skipped      integer not null default 0,
  started_at   {{time}} not null,
  ended_at     {{time}},
  primary key (operator_id, month)
);

-- Users that a run left out, and why; until the next run of the month.
create table invoice_run_skips (
  operator_id  text not null,
  month        text not null,
  user_id      text not null,
  reason       text not null,
  primary key (operator_id, month, user_id)
);

-- What can be invoiced, with what a line says of where and when. Users' sessions count by their end.
create view invoice_candidates as
select t.id, t.operator_id, t.user_id, t.id_tag, t.connector_id, c.charge_point_id, s.name as station,
       coalesce(s.time_zone, o.time_zone) as time_zone, t.started_at, coalesce(t.stopped_at, t.ended_at) as stopped_at,
       t.energy_wh, t.currency, t.price_minor, t.priced_at
from transactions t
join chargers c on c.id = t.charger_id
join operators o on o.id = t.operator_id
left join stations s on s.id = c.station_id
where t.state = 'completed' and t.price_state = 'priced' and t.price_minor > 0;

-- Payments through gateways, what gateways have told of them, and what the ledger shall have of each.

-- `state` follows from the columns below it, in whatever order they were set. `version` counts the changes.
create table payments (
  id              text primary key,       -- the gateway knows it, too
  operator_id     text not null references operators (id),
  user_id         text not null,
  wallet_id       bigint not null references wallets (id),
  gateway         text not null,
  currency        text not null,
  amount_minor    bigint not null check (amount_minor > 0),
  state           text not null check (state in ('created', 'open', 'paid', 'failed', 'expired', 'refunded', 'disputed')),
  reason          text,                   -- why it failed
  checkout_ref    text,                   -- the gateway's own names of the checkout and of what was paid by it
  payment_ref     text,
  url             text,
  paid_at         {{time}},
  failed_at       {{time}},
  expired_at      {{time}},
  refunded_minor  bigint not null default 0,  -- given back in all, as the gateway has told
  disputed_minor  bigint not null default 0,
  dispute         text check (dispute in ('open', 'won', 'lost')),
  debited_minor   bigint not null default 0,  -- what the ledger shall have taken back from the wallet
  requested_by    text not null,
  version         integer not null default 0,
  look_at         {{time}},               -- when the gateway is to be asked; null: not
  expires_at      {{time}} not null,
  created_at      {{time}} not null,
  updated_at      {{time}} not null
);
create index payments_by_operator on payments (operator_id, id);
create index payments_by_checkout on payments (gateway, checkout_ref) where checkout_ref is not null;
create index payments_by_payment on payments (gateway, payment_ref) where payment_ref is not null;
create index payments_to_look_at on payments (look_at) where look_at is not null;

-- The changes of a payment. Two that were made of the same version cannot both be stored.
create table payment_changes (
  payment_id    text not null references payments (id),
  number        integer not null,
  operator_id   text not null,
  at            {{time}} not null,
  state         text not null,
  what          text not null,            -- the gateway's word, or ours
  event_id      text,
  amount_minor  bigint,
  primary key (payment_id, number)
);

-- What the ledger shall have: with kind and reference there is one journal of it, or a mismatch.
create table payment_postings (
  operator_id   text not null,
  kind          text not null,
  reference     text not null,
  payment_id    text not null references payments (id),
  amount_minor  bigint not null,
  posted        integer not null default 0,
  created_at    {{time}} not null,
  primary key (operator_id, kind, reference)
);
create index payment_postings_by_payment on payment_postings (payment_id);
create index payment_postings_missing on payment_postings (created_at) where posted = 0;

-- Refunds that an admin asked for. `journal_id`: of what was taken from the wallet first; '' if nothing had to be.
create table payment_refunds (
  id            text primary key,         -- the gateway knows it, too
  payment_id    text not null references payments (id),
  operator_id   text not null references operators (id),
  amount_minor  bigint not null check (amount_minor > 0),
  state         text not null check (state in ('requested', 'done', 'refused', 'returned')),
  reason        text,
  error         text,
  journal_id    text not null,
  requested_by  text not null,
  created_at    {{time}} not null,
  ended_at      {{time}}
);
create index payment_refunds_by_payment on payment_refunds (payment_id, id);
create index payment_refunds_requested on payment_refunds (created_at) where state = 'requested';

-- What gateways have told, once. unmatched: of no payment that is known, so far; refused: it does not fit its payment;
-- ignored: it means nothing here.
create table payment_events (
  gateway       text not null,
  event_id      text not null,
  operator_id   text references operators (id),
  payment_id    text references payments (id),
  type          text not null,
  kind          text not null,
  outcome       text not null check (outcome in ('applied', 'unmatched', 'refused', 'ignored')),
  reason        text,
  named_ref     text,                     -- the payment, checkout and refund that it names
  checkout_ref  text,
  payment_ref   text,
  refund_ref    text,
  amount_minor  bigint,
  currency      text,
  told_at       {{time}},                 -- by the gateway's clock
  received_at   {{time}} not null,
  primary key (gateway, event_id)
);
create index payment_events_by_time on payment_events (received_at);
create index payment_events_unmatched on payment_events (gateway, received_at) where outcome = 'unmatched';
create index payment_events_refused on payment_events (received_at) where outcome = 'refused';

create view payment_rows as
select p.id, p.operator_id, p.user_id, p.wallet_id, p.gateway, p.state, p.reason, p.checkout_ref, p.payment_ref,
       case when p.state = 'open' then p.url end as url, p.dispute, p.requested_by, p.created_at, p.updated_at, p.expires_at,
       p.paid_at, p.currency, p.amount_minor, p.refunded_minor, p.disputed_minor, p.debited_minor
from payments p;

-- Wallets, the ledger, what sessions were billed at, and what is held for those that run.

create table wallets (
  id                  {{id}},
  operator_id         text not null references operators (id),
  user_id             text not null,
  currency            text not null,          -- ISO 4217; for good
  mode                text not null check (mode in ('prepaid', 'postpaid')),
  credit_limit_minor  bigint check (credit_limit_minor >= 0),  -- how far below zero the balance may be; null: any
  low_balance_minor   bigint,                 -- wallet.low is told below it; null: never
  balance_minor       bigint not null default 0,  -- the sum of the wallet's entries
  created_at          {{time}} not null,
  updated_at          {{time}} not null,      -- of the settings
  unique (operator_id, user_id),
  check (mode = 'postpaid' or credit_limit_minor is not null)
);

-- A posting. What is posted once is not posted again: by its kind and reference.
create table wallet_journals (
  id                   text primary key,
  operator_id          text not null references operators (id),
  wallet_id            bigint not null references wallets (id),
  kind                 text not null,         -- top_up, debit, adjustment, bill, correction, refund, ...
  reference            text not null,
  currency             text not null,
  amount_minor         bigint not null,       -- the wallet's change
  balance_after_minor  bigint not null,
  transaction_id       bigint references transactions (id),
  reason               text,
  made_by              text not null,         -- a key's or a plugin's name
  at                   {{time}} not null,
  unique (operator_id, kind, reference)
);
create index wallet_journals_by_wallet on wallet_journals (wallet_id, id);
create index wallet_journals_by_transaction on wallet_journals (transaction_id) where transaction_id is not null;

-- Always in pairs: what one account gets another gives, so that the entries of a journal add up to zero. Rows are
-- only ever added. Accounts: wallet (what the operator owes the user), revenue, tax, cash, adjustments.
create table wallet_entries (
  id            {{id}},
  journal_id    text not null references wallet_journals (id),
  operator_id   text not null references operators (id),
  wallet_id     bigint not null references wallets (id),
  account       text not null,
  currency      text not null,
  amount_minor  bigint not null,              -- positive: the account gets it
  at            {{time}} not null
);
create index wallet_entries_by_wallet on wallet_entries (wallet_id, id);
create index wallet_entries_by_journal on wallet_entries (journal_id);

-- What became of a session's price. `amount_minor` is what the ledger has of it, `owed_minor` what did not fit into the
-- wallet's limit.
create table bills (
  transaction_id        bigint primary key references transactions (id),
  operator_id           text not null references operators (id),
  user_id               text,
  wallet_id             bigint references wallets (id),
  state                 text not null check (state in ('billed', 'unbilled', 'refunded')),
  reason                text,                 -- why it is unbilled, or why a part is owed
  currency              text,
  amount_minor          bigint not null default 0 check (amount_minor >= 0),
  tax_minor             bigint not null default 0,
  refunded_minor        bigint not null default 0 check (refunded_minor >= 0 and refunded_minor <= amount_minor),
  refunded_tax_minor    bigint not null default 0,
  owed_minor            bigint not null default 0 check (owed_minor >= 0),
  priced_at             {{time}},             -- of the price that was billed
  billed_at             {{time}},
  created_at            {{time}} not null,
  updated_at            {{time}} not null
);
create index bills_unbilled on bills (operator_id, transaction_id) where state = 'unbilled';
create index bills_by_wallet on bills (wallet_id, transaction_id);
create index bills_owed on bills (wallet_id) where owed_minor > 0;

-- Money that a session may need. It belongs to a start before there is a transaction: the key is what both know.
create table wallet_holds (
  id              {{id}},
  operator_id     text not null references operators (id),
  wallet_id       bigint not null references wallets (id),
  charger_id      bigint not null references chargers (id) on delete cascade,
  connector_id    integer not null,
  id_tag_key      text not null,
  start_at        {{time}} not null,
  transaction_id  bigint references transactions (id),
  amount_minor    bigint not null check (amount_minor >= 0),
  created_at      {{time}} not null,
  expires_at      {{time}} not null,
  unique (charger_id, connector_id, id_tag_key, start_at)
);
create index wallet_holds_by_wallet on wallet_holds (wallet_id);
create index wallet_holds_by_transaction on wallet_holds (transaction_id) where transaction_id is not null;
create index wallet_holds_by_expiry on wallet_holds (expires_at);

-- What REST shows of a wallet. `available_minor` is null where nothing limits it.
create view wallet_rows as
select s.id, s.operator_id, s.user_id, s.mode, s.credit_limit_minor, s.low_balance_minor, s.created_at, s.updated_at,
       s.currency, s.balance_minor, s.held_minor, s.owed_minor,
       s.balance_minor + s.credit_limit_minor - s.held_minor - s.owed_minor as available_minor
from (select w.*,
             cast(coalesce((select sum(h.amount_minor) from wallet_holds h where h.wallet_id = w.id), 0) as bigint) as held_minor,
             cast(coalesce((select sum(b.owed_minor) from bills b where b.wallet_id = w.id and b.owed_minor > 0), 0) as bigint)
               as owed_minor
      from wallets w) s;

create view wallet_entry_rows as
select e.id, e.journal_id, e.wallet_id, e.operator_id, w.user_id, e.account, j.kind, j.reference, j.transaction_id, j.reason,
       j.made_by, e.at, j.balance_after_minor, e.amount_minor, e.currency
from wallet_entries e
join wallet_journals j on j.id = e.journal_id
join wallets w on w.id = e.wallet_id;

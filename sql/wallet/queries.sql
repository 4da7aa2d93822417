-- Posting: all of these in one unit, in this order. The first takes the row's lock, so that the second sees the
-- balance as it is and stays.

-- name: lock
update wallets set balance_minor = balance_minor where id = $1;

-- Nothing is posted in another currency, beyond the limit, a second time, or, for a bill, if that has changed since it was
-- looked at ($11 and $12).
-- name: journal
insert into wallet_journals (id, operator_id, wallet_id, kind, reference, currency, amount_minor, balance_after_minor,
                             transaction_id, reason, made_by, at)
select cast($1 as text), w.operator_id, w.id, cast($3 as text), cast($4 as text), w.currency, cast($5 as bigint),
       w.balance_minor + cast($5 as bigint), cast($7 as bigint), cast($8 as text), cast($9 as text), cast($10 as {{time}})
from wallets w
where w.id = $2 and w.currency = $6
  and (cast($5 as bigint) >= 0 or w.credit_limit_minor is null
       or w.balance_minor + cast($5 as bigint) >= -w.credit_limit_minor)
  and (cast($11 as bigint) is null
       or exists (select 1 from bills b where b.transaction_id = cast($7 as bigint)
                  and b.amount_minor = cast($11 as bigint) and b.refunded_minor = cast($12 as bigint)))
on conflict (operator_id, kind, reference) do nothing;

-- name: move
update wallets set balance_minor = balance_minor + cast($3 as bigint)
where id = $1 and exists (select 1 from wallet_journals j where j.id = $2);

-- The wallet gets $3, the account $2 gives it.
-- name: pair
insert into wallet_entries (journal_id, operator_id, wallet_id, account, currency, amount_minor, at)
select j.id, j.operator_id, j.wallet_id, side.account, j.currency, side.sign * cast($3 as bigint), j.at
from wallet_journals j,
     (select 'wallet' as account, 1 as sign union all select cast($2 as text), -1) side
where j.id = $1 order by side.sign desc;

-- name: outcome
select j.id, j.amount_minor, j.wallet_id, w.id, w.operator_id, w.user_id, w.currency, w.balance_minor,
       w.credit_limit_minor, w.low_balance_minor
from wallets w
left join wallet_journals j on j.operator_id = w.operator_id and j.kind = $2 and j.reference = $3
where w.id = $1;

-- Wallets.

-- name: find
select * from wallet_rows where operator_id = $1 and user_id = $2;

-- name: get
select id as cursor, wallet_rows.* from wallet_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: of_user
select id as cursor, wallet_rows.* from wallet_rows
where user_id = $1 and (cast($2 as text) is null or operator_id = $2) order by id limit 2;

-- name: list
select id as cursor, wallet_rows.* from wallet_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or user_id = $2)
  and (cast($3 as text) is null or mode = $3)
  and (cast($4 as text) is null or currency = $4)
  and id > coalesce(cast($5 as bigint), 0)
order by id limit $6;

-- name: insert
insert into wallets (operator_id, user_id, currency, mode, credit_limit_minor, low_balance_minor, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as bigint), cast($6 as bigint),
       cast($7 as {{time}}), cast($7 as {{time}})
from operators o where o.id = $1
returning id;

-- name: update
update wallets set mode = $2, credit_limit_minor = cast($3 as bigint), low_balance_minor = cast($4 as bigint),
       updated_at = cast($5 as {{time}})
where id = $1 and (cast($6 as {{time}}) is null or updated_at = cast($6 as {{time}}))
returning id;

-- name: entries
select id as cursor, wallet_entry_rows.* from wallet_entry_rows
where wallet_id = $1
  and (cast($2 as text) is null or account = $2)
  and (cast($3 as text) is null or kind = $3)
  and (cast($4 as bigint) is null or transaction_id = cast($4 as bigint))
  and (cast($5 as {{time}}) is null or at >= cast($5 as {{time}}))
  and (cast($6 as {{time}}) is null or at < cast($6 as {{time}}))
  and (cast($7 as bigint) is null or id < cast($7 as bigint))
order by id desc limit $8;

-- name: journal_entries
select id as cursor, wallet_entry_rows.* from wallet_entry_rows where journal_id = $1 order by id;

-- name: journal_by_reference
select j.id, j.amount_minor, j.wallet_id, j.transaction_id from wallet_journals j
where j.operator_id = $1 and j.kind = $2 and j.reference = $3;

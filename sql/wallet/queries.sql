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

-- name: delete
delete from wallets where id = $1;

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

-- Billing.

-- Its tax is what is on top, and what the lines have in them, rate by rate, as on an invoice.
-- Who pays: who has paid of it before, else $2, else as it was tried before, as the session began, or, if $3 is 1, whose its token is now.
-- name: bill_facts
select s.id, s.operator_id, s.charger_id, s.charge_point_id, s.connector_id, s.id_tag, s.state, s.price_state,
       s.price_minor, s.tax_minor, s.currency, s.priced_at, s.payer, w.id as wallet_id, w.currency as wallet_currency,
       s.bill_state, s.reason, s.billed_minor, s.billed_tax_minor, s.refunded_minor, s.owed_minor, s.bill_currency,
       s.bill_priced_at, w.balance_minor, w.credit_limit_minor
from (select t.id, t.operator_id, t.charger_id, c.charge_point_id, t.connector_id, t.id_tag, t.state, t.price_state,
             t.price_minor, t.currency, t.priced_at,
             cast(coalesce((select sum(l.amount_minor) from price_lines l where l.transaction_id = t.id and l.kind = 'tax'), 0)
                  + coalesce((select sum(round(i.gross * i.percent / (100 + i.percent)))
                              from (select cast(l.included_tax_percent as numeric) as percent, sum(l.amount_minor) as gross
                                    from price_lines l
                                    where l.transaction_id = t.id and l.kind <> 'tax' and l.included_tax_percent > 0
                                    group by l.included_tax_percent) i), 0)
                  as bigint) as tax_minor,
             coalesce(case when b.state <> 'unbilled' or b.amount_minor > 0 then b.user_id end, cast($2 as text), b.user_id, t.user_id,
                      case when cast($3 as bigint) = 1
                           then (select k.user_id from tokens k
                                 where k.operator_id = t.operator_id and k.id_tag_key = lower(t.id_tag)) end) as payer,
             b.state as bill_state, b.reason, b.amount_minor as billed_minor, b.tax_minor as billed_tax_minor,
             b.refunded_minor, b.owed_minor, b.currency as bill_currency, b.priced_at as bill_priced_at
      from transactions t
      join chargers c on c.id = t.charger_id
      left join bills b on b.transaction_id = t.id
      where t.id = $1) s
left join wallets w on w.operator_id = s.operator_id and w.user_id = s.payer;

-- Why it is not billed, and what is owed, if its bill is as it was looked at ($8).
-- name: bill_note
insert into bills (transaction_id, operator_id, user_id, wallet_id, state, reason, currency, owed_minor, created_at, updated_at)
select t.id, t.operator_id, cast($2 as text), cast($3 as bigint), 'unbilled', cast($4 as text), cast($5 as text),
       cast($6 as bigint), cast($7 as {{time}}), cast($7 as {{time}})
from transactions t where t.id = $1
on conflict (transaction_id) do update
set state = 'unbilled', reason = excluded.reason, owed_minor = excluded.owed_minor, updated_at = excluded.updated_at,
    user_id = case when bills.amount_minor = 0 then excluded.user_id else bills.user_id end,
    wallet_id = case when bills.amount_minor = 0 then excluded.wallet_id else bills.wallet_id end,
    currency = case when bills.amount_minor = 0 then excluded.currency else bills.currency end,
    paid_for = case when bills.amount_minor = 0 then null else bills.paid_for end
where bills.amount_minor = cast($8 as bigint);

-- What the ledger has of it now, and what is owed still ($5), only behind the journal $2; without one it is what it was.
-- name: bill_set
update bills
set paid_for = (select t.user_id from transactions t where t.id = bills.transaction_id and t.user_id <> bills.user_id),
    amount_minor = cast($3 as bigint), tax_minor = cast($4 as bigint), owed_minor = cast($5 as bigint),
    state = case when cast($5 as bigint) > 0 then 'unbilled'
                 when refunded_minor > 0 and refunded_minor = cast($3 as bigint) then 'refunded' else 'billed' end,
    reason = case when cast($5 as bigint) > 0 then 'insufficient_balance' end, priced_at = cast($6 as {{time}}),
    billed_at = coalesce(billed_at, cast($7 as {{time}})), updated_at = cast($7 as {{time}})
where transaction_id = $1
  and case when cast($2 as text) is null then amount_minor = cast($3 as bigint)
           else exists (select 1 from wallet_journals j where j.id = cast($2 as text)) end;

-- A session of nobody is theirs who have paid for it.
-- name: bill_user
update transactions set user_id = (select b.user_id from bills b where b.transaction_id = transactions.id)
where id = $1 and user_id is null
  and exists (select 1 from bills b
              where b.transaction_id = transactions.id and b.user_id is not null and (b.state <> 'unbilled' or b.amount_minor > 0));

-- name: bill_refund
update bills
set refunded_minor = refunded_minor + cast($3 as bigint), refunded_tax_minor = refunded_tax_minor + cast($4 as bigint),
    state = case when refunded_minor + cast($3 as bigint) = amount_minor and owed_minor = 0 then 'refunded' else state end,
    updated_at = cast($5 as {{time}})
where transaction_id = $1 and exists (select 1 from wallet_journals j where j.id = $2);

-- name: hold_release
delete from wallet_holds
where transaction_id = $1
   or id in (select h.id from transactions t
             join wallet_holds h on h.charger_id = t.charger_id and h.connector_id = t.connector_id
                                and h.id_tag_key = lower(t.id_tag) and h.start_at = t.started_at
             where t.id = $1);

-- name: owed
select transaction_id from bills where wallet_id = $1 and owed_minor > 0 order by transaction_id limit 500;

-- name: bill_list
select transaction_id as cursor, transaction_id, operator_id, user_id, wallet_id, state, reason, priced_at, billed_at,
       created_at, updated_at, amount_minor, tax_minor, refunded_minor, owed_minor, currency
from bills
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or state = $2)
  and (cast($3 as text) is null or reason = $3)
  and (cast($4 as text) is null or user_id = $4)
  and (cast($5 as bigint) is null or wallet_id = cast($5 as bigint))
  and (cast($6 as {{time}}) is null or created_at >= cast($6 as {{time}}))
  and (cast($7 as {{time}}) is null or created_at < cast($7 as {{time}}))
  and (cast($8 as bigint) is null or transaction_id < cast($8 as bigint))
order by transaction_id desc limit $9;

-- name: bill_get
select transaction_id as cursor, transaction_id, operator_id, user_id, wallet_id, state, reason, priced_at, billed_at,
       created_at, updated_at, amount_minor, tax_minor, refunded_minor, owed_minor, currency, refunded_tax_minor
from bills where transaction_id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: bill_wanted
select t.id, t.state, b.state, coalesce(b.owed_minor, 0), t.operator_id from transactions t
left join bills b on b.transaction_id = t.id
where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2);

-- Holds.

-- The wallet of a token that is worth anything at $3; whether that, or one of its group, runs a session already.
-- name: holder
select w.id, w.user_id, w.mode, w.available_minor,
       (select count(*) from transactions t
        where t.operator_id = k.operator_id and lower(t.id_tag) = k.id_tag_key and t.state = 'active')
       + (select count(*) from transactions t
          where t.operator_id = k.operator_id and lower(t.parent_id_tag) = lower(k.parent_id_tag) and t.state = 'active') as running
from tokens k
join wallet_rows w on w.operator_id = k.operator_id and w.user_id = k.user_id
where k.operator_id = $1 and k.id_tag_key = $2 and k.status = 'accepted'
  and (k.expires_at is null or k.expires_at > cast($3 as {{time}}));

-- name: holds_expire_of
delete from wallet_holds where wallet_id = $1 and expires_at <= $2;

-- $6, or what there is, if that is $7 or more. The same start again has what it has. One row if there is a hold.
-- name: hold
insert into wallet_holds (operator_id, wallet_id, charger_id, connector_id, id_tag_key, start_at, amount_minor, created_at,
                          expires_at)
select s.operator_id, s.id, cast($2 as bigint), cast($3 as integer), cast($4 as text), cast($5 as {{time}}),
       case when s.available < cast($6 as bigint) then s.available else cast($6 as bigint) end, cast($8 as {{time}}),
       cast($9 as {{time}})
from (select w.id, w.operator_id,
             cast(w.balance_minor + w.credit_limit_minor
                  - coalesce((select sum(h.amount_minor) from wallet_holds h
                              where h.wallet_id = w.id
                                and not (h.charger_id = cast($2 as bigint) and h.connector_id = cast($3 as integer)
                                         and h.id_tag_key = cast($4 as text) and h.start_at = cast($5 as {{time}}))), 0)
                  - coalesce((select sum(b.owed_minor) from bills b where b.wallet_id = w.id and b.owed_minor > 0), 0)
                  as bigint) as available
      from wallets w where w.id = $1) s
where s.available >= cast($7 as bigint) and s.available >= 0
on conflict (charger_id, connector_id, id_tag_key, start_at) do update set expires_at = excluded.expires_at
returning id;

-- name: hold_link
update wallet_holds set transaction_id = $5, expires_at = $6
where charger_id = $1 and connector_id = $2 and id_tag_key = $3 and start_at = $4;

-- name: hold_drop
delete from wallet_holds where charger_id = $1 and connector_id = $2 and id_tag_key = $3 and start_at = $4;

-- What a kill has kept from being linked.
-- name: holds_link
update wallet_holds
set expires_at = $1,
    transaction_id = (select min(t.id) from transactions t
                      where t.charger_id = wallet_holds.charger_id and t.connector_id = wallet_holds.connector_id
                        and t.started_at = wallet_holds.start_at and lower(t.id_tag) = wallet_holds.id_tag_key
                        and t.token_status = 'Accepted')
where transaction_id is null
  and exists (select 1 from transactions t
              where t.charger_id = wallet_holds.charger_id and t.connector_id = wallet_holds.connector_id
                and t.started_at = wallet_holds.start_at and lower(t.id_tag) = wallet_holds.id_tag_key
                and t.token_status = 'Accepted');

-- name: holds_expire
delete from wallet_holds where expires_at <= $1;

-- A session that costs more than was held holds more, as long as it runs.
-- name: hold_raise
insert into wallet_holds (operator_id, wallet_id, charger_id, connector_id, id_tag_key, start_at, transaction_id, amount_minor,
                          created_at, expires_at)
select t.operator_id, cast($2 as bigint), t.charger_id, t.connector_id, lower(t.id_tag), t.started_at, t.id,
       cast($3 as bigint), cast($4 as {{time}}), cast($5 as {{time}})
from transactions t where t.id = $1 and t.state <> 'completed'
on conflict (charger_id, connector_id, id_tag_key, start_at) do update
set amount_minor = excluded.amount_minor, transaction_id = excluded.transaction_id, expires_at = excluded.expires_at
where wallet_holds.amount_minor < excluded.amount_minor;

-- What a running session ($3) may cost, and what it holds of it.
-- name: left_for
select w.id, w.currency, w.mode, w.balance_minor,
       cast(w.balance_minor + w.credit_limit_minor
            - coalesce((select sum(h.amount_minor) from wallet_holds h
                        where h.wallet_id = w.id and (h.transaction_id is null or h.transaction_id <> cast($3 as bigint))), 0)
            - coalesce((select sum(b.owed_minor) from bills b where b.wallet_id = w.id and b.owed_minor > 0), 0)
            as bigint) as left_minor,
       cast(coalesce((select sum(h.amount_minor) from wallet_holds h
                      where h.wallet_id = w.id and h.transaction_id = cast($3 as bigint)), 0) as bigint) as held_minor
from wallets w where w.operator_id = $1 and w.user_id = $2;

-- Does the ledger say what the sessions say?

-- name: ledgers
select e.operator_id, e.currency, count(*) as entries,
       cast(sum(case when e.account = 'wallet' then e.amount_minor else 0 end) as bigint) as wallet,
       cast(sum(case when e.account = 'revenue' then e.amount_minor else 0 end) as bigint) as revenue,
       cast(sum(case when e.account = 'tax' then e.amount_minor else 0 end) as bigint) as tax,
       cast(sum(case when e.account = 'cash' then e.amount_minor else 0 end) as bigint) as cash,
       cast(sum(case when e.account = 'adjustments' then e.amount_minor else 0 end) as bigint) as adjustments,
       cast(sum(case when e.account not in ('wallet', 'revenue', 'tax', 'cash', 'adjustments') then e.amount_minor else 0 end)
            as bigint) as others,
       cast(sum(e.amount_minor) as bigint) as sum
from wallet_entries e
where (cast($1 as text) is null or e.operator_id = $1)
group by e.operator_id, e.currency order by e.operator_id, e.currency;

-- What waits for its task is no difference yet.
-- name: differences
select d.what, d.operator_id, d.wallet_id, d.transaction_id, d.journal_id, d.expected_minor, d.found_minor
from (
  select 'the entries of a posting do not add up to zero' as what, j.operator_id, j.wallet_id, j.transaction_id,
         j.id as journal_id, cast(0 as bigint) as expected_minor, cast(sum(e.amount_minor) as bigint) as found_minor
  from wallet_journals j join wallet_entries e on e.journal_id = j.id
  group by j.id, j.operator_id, j.wallet_id, j.transaction_id having sum(e.amount_minor) <> 0
  union all
  select 'a posting is not what its entries give the wallet', s.operator_id, s.wallet_id, s.transaction_id, s.id, s.amount_minor,
         s.found
  from (select j.id, j.operator_id, j.wallet_id, j.transaction_id, j.amount_minor,
               cast(coalesce((select sum(e.amount_minor) from wallet_entries e
                              where e.journal_id = j.id and e.account = 'wallet' and e.wallet_id = j.wallet_id), 0)
                    as bigint) as found
        from wallet_journals j) s
  where s.found <> s.amount_minor
  union all
  select 'a balance is not the sum of the wallet''s entries', s.operator_id, s.id, null, null, s.expected, s.balance_minor
  from (select w.id, w.operator_id, w.balance_minor,
               cast(coalesce((select sum(e.amount_minor) from wallet_entries e
                              where e.wallet_id = w.id and e.account = 'wallet'), 0) as bigint) as expected
        from wallets w) s
  where s.expected <> s.balance_minor
  union all
  select 'a bill is not what was posted of it', s.operator_id, s.wallet_id, s.transaction_id, null, s.posted, s.amount_minor
  from (select b.*, cast(-coalesce((select sum(j.amount_minor) from wallet_journals j
                                    where j.transaction_id = b.transaction_id and j.kind in ('bill', 'correction')), 0)
                         as bigint) as posted
        from bills b) s
  where s.posted <> s.amount_minor
  union all
  select 'what was given back of a bill is not what was posted of it', s.operator_id, s.wallet_id, s.transaction_id, null,
         s.posted, s.refunded_minor
  from (select b.*, cast(coalesce((select sum(j.amount_minor) from wallet_journals j
                                   where j.transaction_id = b.transaction_id and j.kind = 'refund'), 0) as bigint) as posted
        from bills b) s
  where s.posted <> s.refunded_minor
  union all
  select 'a bill''s tax is not what was posted of it', s.operator_id, s.wallet_id, s.transaction_id, null, s.posted,
         s.tax_minor - s.refunded_tax_minor
  from (select b.*, cast(coalesce((select sum(e.amount_minor) from wallet_journals j
                                   join wallet_entries e on e.journal_id = j.id and e.account = 'tax'
                                   where j.transaction_id = b.transaction_id), 0) as bigint) as posted
        from bills b) s
  where s.posted <> s.tax_minor - s.refunded_tax_minor
  union all
  select 'a posting of a session has no bill', j.operator_id, j.wallet_id, j.transaction_id, j.id, cast(0 as bigint), j.amount_minor
  from wallet_journals j
  where j.kind in ('bill', 'correction', 'refund')
    and not exists (select 1 from bills b where b.transaction_id = j.transaction_id and b.wallet_id = j.wallet_id)
  union all
  select 'a bill is not the session''s price', s.operator_id, s.wallet_id, s.id, null, s.price_minor, s.billed
  from (select t.id, b.operator_id, b.wallet_id, t.price_minor, b.amount_minor + b.owed_minor as billed, b.refunded_minor
        from bills b join transactions t on t.id = b.transaction_id
        where t.price_state = 'priced' and t.currency = b.currency and b.reason is distinct from 'no_user'
          and b.reason is distinct from 'no_wallet' and b.reason is distinct from 'currency') s
  where s.billed <> case when s.price_minor > s.refunded_minor then s.price_minor else s.refunded_minor end
    and not exists (select 1 from tasks k
                    where k.state = 'waiting' and k.name in ('price_transaction', 'bill_transaction')
                      and k.payload = '{"transaction_id":' || cast(s.id as text) || '}')
  union all
  select 'a bill is in another currency than the session''s price', b.operator_id, b.wallet_id, t.id, null, t.price_minor, b.amount_minor
  from bills b join transactions t on t.id = b.transaction_id
  where t.price_state = 'priced' and b.amount_minor <> 0 and t.currency <> b.currency
  union all
  select 'a bill is of a session without a price', b.operator_id, b.wallet_id, t.id, null, null, b.amount_minor
  from bills b join transactions t on t.id = b.transaction_id
  where t.price_state <> 'priced' and b.amount_minor <> 0
    and not exists (select 1 from tasks k
                    where k.state = 'waiting' and k.name in ('price_transaction', 'bill_transaction')
                      and k.payload = '{"transaction_id":' || cast(t.id as text) || '}')
  union all
  select 'a session with a price is neither billed nor unbilled', t.operator_id, null, t.id, null, t.price_minor, null
  from transactions t
  where t.state = 'completed' and t.price_state = 'priced'
    and not exists (select 1 from bills b where b.transaction_id = t.id and (b.state <> 'unbilled' or b.reason is not null))
    and not exists (select 1 from tasks k
                    where k.state = 'waiting' and k.name in ('price_transaction', 'bill_transaction')
                      and k.payload = '{"transaction_id":' || cast(t.id as text) || '}')
  union all
  select 'a session was given up before it had a price or a bill', t.operator_id, null, t.id, null, null, null
  from transactions t
  where t.state = 'completed' and t.price_state <> 'priced' and not exists (select 1 from bills b where b.transaction_id = t.id)
    and exists (select 1 from tasks k
                where k.state = 'dead' and k.name in ('price_transaction', 'bill_transaction')
                  and k.payload = '{"transaction_id":' || cast(t.id as text) || '}')
) d
where (cast($1 as text) is null or d.operator_id = $1)
order by d.what, d.operator_id, d.wallet_id, d.transaction_id limit $2;

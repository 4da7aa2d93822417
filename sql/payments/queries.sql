-- name: insert
insert into payments (id, operator_id, user_id, wallet_id, gateway, currency, amount_minor, state, requested_by, look_at,
                      expires_at, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, 'created', $8, cast($9 as {{time}}), cast($10 as {{time}}), cast($11 as {{time}}),
        cast($11 as {{time}}));

-- The payment that $2 (its id), $3 (its checkout) or $4 names, with what became of the event $5, of the refund $6, and of the dispute $7
-- and of all others. One that is open and was told without a name is the one that is named now. One row, always.
-- name: look
select p.id, p.operator_id, p.user_id, p.wallet_id, p.gateway, p.currency, p.amount_minor, p.state, p.reason, p.checkout_ref,
       p.payment_ref, p.url, p.paid_at, p.failed_at, p.expired_at, p.refunded_minor, p.disputed_minor, p.dispute,
       p.debited_minor, p.version, p.look_at, p.expires_at,
       cast(coalesce((select sum(r.amount_minor) from payment_refunds r where r.payment_id = p.id and r.state = 'requested'), 0) as bigint),
       cast(coalesce((select sum(r.amount_minor) from payment_refunds r where r.payment_id = p.id and r.state = 'done'), 0) as bigint),
       cast(coalesce((select sum(r.amount_minor) from payment_refunds r where r.payment_id = p.id and r.state = 'returned'), 0) as bigint),
       (select e.outcome from payment_events e where e.gateway = $1 and e.event_id = $5),
       (select r.state from payment_refunds r where r.id = $6 and r.payment_id = p.id),
       (select r.amount_minor from payment_refunds r where r.id = $6 and r.payment_id = p.id),
       (select w.balance_minor + w.credit_limit_minor from wallets w where w.id = p.wallet_id),
       a.dispute_ref, a.state, a.amount_minor,
       (select case min(case d.state when 'open' then 1 when 'lost' then 2 else 3 end) when 1 then 'open' when 2 then 'lost' when 3 then 'won' end
        from payment_disputes d where d.payment_id = p.id and (a.dispute_ref is null or d.dispute_ref <> a.dispute_ref)),
       cast(coalesce((select sum(d.amount_minor) from payment_disputes d
                      where d.payment_id = p.id and d.state <> 'won' and (a.dispute_ref is null or d.dispute_ref <> a.dispute_ref)), 0) as bigint)
from (select 1 as one) o
left join payments p on p.id = coalesce(
  (select q.id from payments q where q.gateway = $1 and q.id = $2),
  (select q.id from payments q where q.gateway = $1 and q.checkout_ref = $3 order by q.id limit 1),
  (select q.id from payments q where q.gateway = $1 and q.payment_ref = $4 order by q.id limit 1))
left join payment_disputes a on a.payment_id = p.id
  and a.dispute_ref = (select max(d.dispute_ref) from payment_disputes d
                       where d.payment_id = p.id
                         and (d.dispute_ref = cast($7 as text) or (d.dispute_ref = '' and d.state = 'open' and cast($7 as text) is not null)));

-- A change of a payment: the following in one unit.

-- name: change
insert into payment_changes (payment_id, number, operator_id, at, state, what, event_id, amount_minor)
values ($1, $2, $3, cast($4 as {{time}}), $5, $6, $7, $8);

-- name: update
update payments
set state = $2, reason = $3, checkout_ref = $4, payment_ref = $5, url = $6, paid_at = cast($7 as {{time}}),
    failed_at = cast($8 as {{time}}), expired_at = cast($9 as {{time}}), refunded_minor = $10, disputed_minor = $11,
    dispute = $12, debited_minor = $13, version = $14, look_at = cast($15 as {{time}}), updated_at = cast($16 as {{time}})
where id = $1;

-- name: event
insert into payment_events (gateway, event_id, operator_id, payment_id, type, kind, outcome, reason, named_ref, checkout_ref,
                            payment_ref, refund_ref, amount_minor, currency, told_at, received_at, dispute_ref)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, cast($15 as {{time}}), cast($16 as {{time}}), $17);

-- One that was kept until its payment was known.
-- name: event_matched
update payment_events set operator_id = $3, payment_id = $4, outcome = $5, reason = $6
where gateway = $1 and event_id = $2 and outcome = 'unmatched';

-- name: posting
insert into payment_postings (operator_id, kind, reference, payment_id, amount_minor, created_at)
values ($1, $2, $3, $4, $5, cast($6 as {{time}}));

-- Behind the wallet's own statements.
-- name: posted
update payment_postings set posted = 1
where operator_id = $1 and kind = $2 and reference = $3
  and exists (select 1 from wallet_journals j where j.operator_id = $1 and j.kind = $2 and j.reference = $3);

-- Fails, and the unit with it, if the wallet has not given what $7 and $8 say.
-- name: refund
insert into payment_refunds (id, payment_id, operator_id, amount_minor, state, reason, journal_id, requested_by, created_at)
select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as bigint), 'requested', cast($5 as text),
       case when cast($8 as text) is null then ''
            else (select j.id from wallet_journals j where j.operator_id = cast($3 as text) and j.kind = cast($7 as text)
                  and j.reference = cast($8 as text)) end,
       cast($6 as text), cast($9 as {{time}});

-- name: refund_end
update payment_refunds set state = $2, error = $3, ended_at = cast($4 as {{time}}) where id = $1;

-- name: dispute_named
update payment_disputes set dispute_ref = $2 where payment_id = $1 and dispute_ref = $3;

-- name: dispute
insert into payment_disputes (payment_id, dispute_ref, operator_id, state, amount_minor, created_at, ended_at)
values ($1, $2, $3, cast($4 as text), $5, cast($6 as {{time}}), case when cast($4 as text) <> 'open' then cast($6 as {{time}}) end)
on conflict (payment_id, dispute_ref) do update
set state = excluded.state, amount_minor = excluded.amount_minor, ended_at = excluded.ended_at;

-- name: refund_of
select r.payment_id, r.state, r.amount_minor, p.gateway from payment_refunds r join payments p on p.id = r.payment_id where r.id = $1;

-- What is due.

-- name: due
select id, look_at, operator_id, gateway, expires_at from payments where look_at <= cast($1 as {{time}}) order by look_at limit 20;

-- name: claim
update payments set look_at = cast($2 as {{time}}) where id = $1 and look_at = cast($3 as {{time}});

-- name: put_off
update payments set look_at = cast($2 as {{time}}) where id = $1 and look_at is not null;

-- name: now_matched
select e.gateway, e.event_id, e.type, e.kind, e.named_ref, e.checkout_ref, e.payment_ref, e.refund_ref, e.amount_minor, e.currency, e.dispute_ref
from payment_events e
where e.outcome = 'unmatched' and e.received_at >= cast($1 as {{time}})
  and exists (select 1 from payments p where p.gateway = e.gateway
              and (p.id = e.named_ref or p.checkout_ref = e.checkout_ref or p.payment_ref = e.payment_ref))
order by e.received_at limit 20;

-- name: matched_by
select e.gateway, e.event_id, e.type, e.kind, e.named_ref, e.checkout_ref, e.payment_ref, e.refund_ref, e.amount_minor, e.currency, e.dispute_ref
from payment_events e
where e.outcome = 'unmatched' and e.gateway = $1 and (e.checkout_ref = cast($2 as text) or e.payment_ref = cast($3 as text))
order by e.received_at limit 20;

-- Those that the wallet would take now.
-- name: not_posted
select s.operator_id, s.kind, s.reference, s.amount_minor, p.wallet_id, p.currency
from payment_postings s
join payments p on p.id = s.payment_id
join wallets w on w.id = p.wallet_id
where s.posted = 0
  and (s.amount_minor >= 0 or w.credit_limit_minor is null or w.balance_minor + s.amount_minor >= -w.credit_limit_minor)
order by s.created_at limit 50;

-- name: sweep
delete from payment_events where received_at < cast($1 as {{time}}) and outcome <> 'refused';

-- REST.

-- name: list
select id as cursor, payment_rows.* from payment_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or state = $2)
  and (cast($3 as text) is null or user_id = $3)
  and (cast($4 as text) is null or gateway = $4)
  and (cast($5 as {{time}}) is null or created_at >= cast($5 as {{time}}))
  and (cast($6 as {{time}}) is null or created_at < cast($6 as {{time}}))
  and (cast($7 as text) is null or id < $7)
order by id desc limit $8;

-- name: get
select id as cursor, payment_rows.* from payment_rows where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: changes
select number, at, state, what, event_id, amount_minor from payment_changes where payment_id = $1 order by number;

-- name: refunds
select id, state, amount_minor, reason, error, requested_by, created_at, ended_at from payment_refunds
where payment_id = $1 order by id;

-- name: disputes
select dispute_ref, state, amount_minor, created_at, ended_at from payment_disputes
where payment_id = $1 order by created_at, dispute_ref;

-- name: events
select gateway || '/' || event_id as cursor, gateway, event_id, operator_id, payment_id, type, outcome, reason, checkout_ref,
       payment_ref, told_at, received_at, amount_minor, currency
from payment_events
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or outcome = $2)
  and (cast($3 as text) is null or payment_id = $3)
  and (cast($4 as text) is null or gateway || '/' || event_id > $4)
order by gateway || '/' || event_id limit $5;

-- Where payments and ledger are not as one. $2: what should have come to an end before.
-- name: mismatches
select m.kind || '/' || m.id as cursor, m.kind, m.operator_id, m.payment_id, m.reference, m.detail, m.expected_minor, m.found_minor
from (select 'posting_missing' as kind, s.reference as id, s.operator_id, s.payment_id, s.reference, s.kind as detail,
             s.amount_minor as expected_minor, cast(null as bigint) as found_minor
      from payment_postings s
      where not exists (select 1 from wallet_journals j where j.operator_id = s.operator_id and j.kind = s.kind
                        and j.reference = s.reference)
      union all
      select 'posting_differs', s.reference, s.operator_id, s.payment_id, s.reference, s.kind, s.amount_minor, j.amount_minor
      from payment_postings s
      join payments p on p.id = s.payment_id
      join wallet_journals j on j.operator_id = s.operator_id and j.kind = s.kind and j.reference = s.reference
      where j.amount_minor <> s.amount_minor or j.wallet_id <> p.wallet_id
      union all
      select 'posting_unknown', j.id, j.operator_id, null, j.reference, j.kind, null, j.amount_minor
      from wallet_journals j
      where j.made_by = 'payments'
        and not exists (select 1 from payment_postings s where s.operator_id = j.operator_id and s.kind = j.kind
                        and s.reference = j.reference)
      union all
      select 'amounts_differ', p.id, p.operator_id, p.id, null, p.state,
             case when p.paid_at is null then 0 else p.amount_minor - p.debited_minor end,
             cast(coalesce((select sum(s.amount_minor) from payment_postings s where s.payment_id = p.id), 0) as bigint)
      from payments p
      where coalesce((select sum(s.amount_minor) from payment_postings s where s.payment_id = p.id), 0)
            <> case when p.paid_at is null then 0 else p.amount_minor - p.debited_minor end
      union all
      select 'event_refused', e.gateway || '/' || e.event_id, e.operator_id, e.payment_id, e.gateway || '/' || e.event_id, e.reason,
             null, e.amount_minor
      from payment_events e where e.outcome = 'refused'
      union all
      select 'no_answer', p.id, p.operator_id, p.id, p.checkout_ref, p.state, p.amount_minor, null
      from payments p where p.state in ('created', 'open') and p.expires_at < cast($2 as {{time}})
      union all
      select 'refund_no_answer', r.id, r.operator_id, r.payment_id, r.id, r.state, r.amount_minor, null
      from payment_refunds r where r.state = 'requested' and r.created_at < cast($2 as {{time}})) m
where (cast($1 as text) is null or m.operator_id = $1)
  and (cast($3 as text) is null or m.kind || '/' || m.id > $3)
order by m.kind || '/' || m.id limit $4;

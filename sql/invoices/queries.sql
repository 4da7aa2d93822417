-- Parties.

-- name: party_get
select p.operator_id, p.user_id, p.details, p.created_at, p.updated_at from invoice_parties p
where p.operator_id = $1 and p.user_id = $2;

-- $5 is the version that may be replaced, NULL: any; with $6 it may not be there at all.
-- name: party_put
insert into invoice_parties (operator_id, user_id, details, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as {{time}}), cast($4 as {{time}})
from operators o
where o.id = $1
  and (cast($5 as {{time}}) is null
       or exists (select 1 from invoice_parties p
                  where p.operator_id = $1 and p.user_id = $2 and p.updated_at = cast($5 as {{time}})))
on conflict (operator_id, user_id) do update set details = excluded.details, updated_at = excluded.updated_at
 where cast($6 as integer) = 0
   and (cast($5 as {{time}}) is null or invoice_parties.updated_at = cast($5 as {{time}}))
returning operator_id, user_id, details, created_at, updated_at;

-- name: party_delete
delete from invoice_parties where operator_id = $1 and user_id = $2 returning user_id;

-- name: recipient_list
select user_id as cursor, operator_id, user_id, details, created_at, updated_at from invoice_parties
where user_id <> '' and (cast($1 as text) is null or operator_id = $1)
  and user_id > coalesce(cast($2 as text), '')
order by user_id, operator_id limit $3;

-- Who issues to whom.
-- name: basis
select o.time_zone, i.details as issuer, r.details as recipient
from operators o
left join invoice_parties i on i.operator_id = o.id and i.user_id = ''
left join invoice_parties r on r.operator_id = o.id and r.user_id = cast($2 as text) and r.user_id <> ''
where o.id = $1;

-- Sessions with their lines, and what a prepaid wallet has paid of them.

-- name: session
select t.id, t.operator_id, t.user_id, t.id_tag, t.charge_point_id, t.station, t.connector_id, t.time_zone, t.started_at,
       t.stopped_at, t.energy_wh, t.currency, t.price_minor, t.priced_at,
       case when w.mode = 'prepaid' then b.amount_minor end as paid_minor,
       l.kind, l.description, l.quantity, l.unit, l.unit_price_minor, l.amount_minor, l.note,
       l.included_tax_percent
from invoice_candidates t join price_lines l on l.transaction_id = t.id
left join bills b on b.transaction_id = t.id
left join wallets w on w.id = b.wallet_id
where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2)
order by l.line;

-- Those of a user that end before $3 (and not before $4) and stand on no invoice, the oldest $5.
-- name: sessions_of_user
select t.id, t.operator_id, t.user_id, t.id_tag, t.charge_point_id, t.station, t.connector_id, t.time_zone, t.started_at,
       t.stopped_at, t.energy_wh, t.currency, t.price_minor, t.priced_at,
       case when w.mode = 'prepaid' then b.amount_minor end as paid_minor,
       l.kind, l.description, l.quantity, l.unit, l.unit_price_minor, l.amount_minor, l.note,
       l.included_tax_percent
from (select * from invoice_candidates c
      where c.operator_id = $1 and c.user_id = $2 and c.stopped_at < cast($3 as {{time}})
        and (cast($4 as {{time}}) is null or c.stopped_at >= cast($4 as {{time}}))
        and not exists (select 1 from invoice_sessions s where s.transaction_id = c.id)
      order by c.stopped_at, c.id limit $5) t
join price_lines l on l.transaction_id = t.id
left join bills b on b.transaction_id = t.id
left join wallets w on w.id = b.wallet_id
order by t.stopped_at, t.id, l.line;

-- How a transaction stands, and whose it is to pay.
-- name: transaction
select t.operator_id, t.price_state, t.priced_at, i.number,
       coalesce(case when b.paid_for is not null then b.user_id end, t.user_id)
from transactions t
left join bills b on b.transaction_id = t.id
left join invoice_sessions s on s.transaction_id = t.id
left join invoices i on i.id = s.invoice_id
where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2);

-- Issuing: in one unit, in this order.

-- name: series_add
insert into invoice_series (operator_id, series, last_number) values ($1, $2, 0)
on conflict (operator_id, series) do nothing;

-- name: series_next
update invoice_series set last_number = last_number + 1 where operator_id = $1 and series = $2;

-- name: invoice_add
insert into invoices (id, operator_id, kind, series, series_number, number, user_id, month, transaction_id, refers_to,
                      reference, currency, net_minor, tax_minor, total_minor, issued_at, content)
select cast($1 as text), n.operator_id, cast($3 as text), n.series, n.last_number,
       n.series || case when n.last_number < 1000000 then substr(cast(1000000 + n.last_number as text), 2)
                        else cast(n.last_number as text) end,
       cast($5 as text), cast($6 as text), cast($7 as bigint), cast($8 as text), cast($9 as text), cast($10 as text),
       cast($11 as bigint), cast($12 as bigint), cast($13 as bigint), cast($14 as {{time}}), cast($15 as text)
from invoice_series n where n.operator_id = $2 and n.series = $4
returning id, operator_id, number, kind, user_id, month, currency, total_minor;

-- $2 is a JSON array of {"id", "priced_at"}. A session whose price is not that one any more has no amount here, which the
-- table refuses.
-- name: sessions_add @sqlite
insert into invoice_sessions (transaction_id, invoice_id, amount_minor, priced_at)
select json_extract(w.value, '$.id'), $1, t.price_minor, json_extract(w.value, '$.priced_at')
from json_each($2) w
left join transactions t on t.id = json_extract(w.value, '$.id') and t.price_state = 'priced'
                        and t.priced_at = json_extract(w.value, '$.priced_at');

-- name: sessions_add @postgres
insert into invoice_sessions (transaction_id, invoice_id, amount_minor, priced_at)
select w.id, $1, t.price_minor, w.priced_at
from json_to_recordset(cast($2 as json)) as w (id bigint, priced_at timestamptz)
left join transactions t on t.id = w.id and t.price_state = 'priced' and t.priced_at = w.priced_at;

-- What has been credited is still $2; otherwise the table refuses.
-- name: credit_take
update invoices set credited_minor = case when credited_minor = cast($2 as bigint) then credited_minor + cast($3 as bigint) else -1 end
where id = $1;

-- name: cancel
update invoices set cancelled = 1 where id = $1;

-- name: sessions_release
delete from invoice_sessions where invoice_id = $1;

-- REST.

-- name: list
select i.id as cursor, i.id, i.operator_id, i.kind, i.number, i.user_id, i.month, i.transaction_id, i.refers_to, i.net_minor,
       i.tax_minor, i.total_minor, i.credited_minor, i.cancelled, i.currency, i.issued_at
from invoices i
where (cast($1 as text) is null or i.operator_id = $1)
  and (cast($2 as text) is null or i.user_id = $2)
  and (cast($3 as text) is null or i.kind = $3)
  and (cast($4 as text) is null or i.month = $4)
  and (cast($5 as text) is null or i.number = $5)
  and (cast($6 as text) is null or i.refers_to = $6)
  and (cast($7 as bigint) is null
       or i.id in (select x.id from invoices x where x.transaction_id = cast($7 as bigint)
                   union all select s.invoice_id from invoice_sessions s where s.transaction_id = cast($7 as bigint)))
  and (cast($8 as {{time}}) is null or i.issued_at >= cast($8 as {{time}}))
  and (cast($9 as {{time}}) is null or i.issued_at < cast($9 as {{time}}))
  and (cast($10 as text) is null or i.id < $10)
order by i.id desc limit $11;

-- name: get
select i.id, i.operator_id, i.kind, i.number, i.user_id, i.month, i.transaction_id, i.refers_to, i.credited_minor, i.cancelled,
       i.currency, i.issued_at, i.content
from invoices i
where i.id = $1 and (cast($2 as text) is null or i.operator_id = $2);

-- name: credits
select i.transaction_id, i.content from invoices i where i.refers_to = $1 order by i.id;

-- $1 is the invoice, whose operator's references these are.
-- name: credit_by_reference
select c.id, c.refers_to, c.total_minor from invoices c
where c.kind = 'credit_note' and c.reference = $2
  and c.operator_id = (select i.operator_id from invoices i where i.id = $1);

-- The proof.

-- name: check_series
select s.series, s.last_number, count(i.id) as documents
from invoice_series s left join invoices i on i.operator_id = s.operator_id and i.series = s.series
where s.operator_id = $1 group by s.series, s.last_number order by s.series;

-- The first of each row of missing numbers.
-- name: check_gaps
select g.series, g.number from
  (select i.series, i.series_number - 1 as number from invoices i where i.operator_id = $1 and i.series_number > 1) g
where not exists (select 1 from invoices j where j.operator_id = $1 and j.series = g.series and j.series_number = g.number)
order by g.series, g.number limit $2;

-- Invoices that disagree with their credit notes, their sessions, or what those cost by now.
-- name: check_relations
select v.number, v.total_minor, v.credited_minor, v.sessions, v.notes, v.repriced, v.cancelled from
  (select i.id, i.number, i.total_minor, i.credited_minor, i.cancelled,
          cast(coalesce((select sum(s.amount_minor) from invoice_sessions s where s.invoice_id = i.id), 0) as bigint) as sessions,
          cast(coalesce((select -sum(c.total_minor) from invoices c where c.refers_to = i.id), 0) as bigint) as notes,
          (select count(*) from invoice_sessions s join transactions t on t.id = s.transaction_id
           where s.invoice_id = i.id and (t.price_state <> 'priced' or t.price_minor <> s.amount_minor)) as repriced
   from invoices i where i.operator_id = $1 and i.kind = 'invoice') v
where v.credited_minor <> v.notes or (v.cancelled = 0 and v.sessions <> v.total_minor) or v.repriced > 0
order by v.id limit $2;

-- name: check_documents
select i.id, i.number, i.total_minor, i.content from invoices i
where i.operator_id = $1 and i.id > coalesce(cast($2 as text), '') order by i.id limit $3;

-- Monthly runs.

-- One that was there begins again.
-- name: run_begin
insert into invoice_runs (operator_id, month, token, state, from_at, to_at, started_at)
values ($1, $2, $3, 'running', $4, $5, $6)
on conflict (operator_id, month) do update
set token = excluded.token, state = 'running', after_user = '', issued = 0, skipped = 0, started_at = excluded.started_at,
    ended_at = null;

-- name: run_skips_clear
delete from invoice_run_skips where operator_id = $1 and month = $2;

-- name: run_get
select r.operator_id, r.month, r.token, r.state, r.from_at, r.to_at, r.after_user, r.issued, r.skipped, r.started_at, r.ended_at,
       p.details
from invoice_runs r
left join invoice_parties p on p.operator_id = r.operator_id and p.user_id = ''
where r.operator_id = $1 and r.month = $2;

-- The next users with sessions that stand on no invoice: their own, and those of others that they have paid.
-- name: run_users
select user_id
from (select * from (select distinct c.user_id from invoice_priced c
                     where c.operator_id = $1 and c.user_id > $2 and c.stopped_at < cast($3 as {{time}})
                       and (cast($4 as {{time}}) is null or c.stopped_at >= cast($4 as {{time}}))
                       and not exists (select 1 from bills b where b.transaction_id = c.id and b.paid_for is not null)
                       and not exists (select 1 from invoice_sessions s where s.transaction_id = c.id)
                     order by c.user_id limit $5) own
      union
      select * from (select distinct b.user_id from bills b join invoice_priced c on c.id = b.transaction_id
                     where b.paid_for is not null and b.operator_id = $1 and b.user_id > $2 and c.stopped_at < cast($3 as {{time}})
                       and (cast($4 as {{time}}) is null or c.stopped_at >= cast($4 as {{time}}))
                       and not exists (select 1 from invoice_sessions s where s.transaction_id = c.id)
                     order by b.user_id limit $5) paid) u
order by user_id limit $5;

-- name: run_advance
update invoice_runs set after_user = cast($4 as text),
       skipped = (select count(*) from invoice_run_skips s where s.operator_id = $1 and s.month = $2)
where operator_id = $1 and month = $2 and token = $3;

-- name: run_issued
update invoice_runs set issued = issued + 1 where operator_id = $1 and month = $2;

-- name: run_skip
insert into invoice_run_skips (operator_id, month, user_id, reason) values ($1, $2, $3, $4)
on conflict (operator_id, month, user_id) do update set reason = excluded.reason;

-- name: run_done
update invoice_runs set state = 'done', ended_at = cast($4 as {{time}}) where operator_id = $1 and month = $2 and token = $3;

-- name: run_list
select r.month || '/' || r.operator_id as cursor, r.operator_id, r.month, r.state, r.from_at, r.to_at, r.issued, r.skipped,
       r.started_at, r.ended_at
from invoice_runs r
where (cast($1 as text) is null or r.operator_id = $1)
  and (cast($2 as text) is null or r.month = $2)
  and (cast($3 as text) is null or r.month || '/' || r.operator_id < $3)
order by r.month || '/' || r.operator_id desc limit $4;

-- name: run_skip_list
select s.month || '/' || s.operator_id || '/' || s.user_id as cursor, s.operator_id, s.month, s.user_id, s.reason
from invoice_run_skips s
where (cast($1 as text) is null or s.operator_id = $1)
  and (cast($2 as text) is null or s.month = $2)
  and (cast($3 as text) is null or s.month || '/' || s.operator_id || '/' || s.user_id < $3)
order by s.month || '/' || s.operator_id || '/' || s.user_id desc limit $4;

-- name: issuers
select p.operator_id, o.time_zone, p.details
from invoice_parties p join operators o on o.id = p.operator_id
where p.user_id = '' and p.operator_id > $1 order by p.operator_id limit $2;

-- Receipts.

-- name: receipt
select i.id, i.operator_id, i.kind, i.number, i.user_id, i.month, i.transaction_id, i.refers_to, i.credited_minor, i.cancelled,
       i.currency, i.issued_at, i.content
from invoices i
where i.operator_id = $1 and i.kind = 'receipt' and i.reference = $2;

-- name: receipt_wish
select t.operator_id, p.details
from transactions t join invoice_parties p on p.operator_id = t.operator_id and p.user_id = ''
where t.id = $1;

-- Refunds of the wallet that have no credit note, of sessions that stand on an invoice.
-- name: refunds
select j.id, s.invoice_id, j.transaction_id, j.amount_minor, coalesce(j.reason, 'Refund') as reason
from invoice_parties p
join wallet_journals j on j.operator_id = p.operator_id and j.kind = 'refund'
join invoice_sessions s on s.transaction_id = j.transaction_id
where p.user_id = '' and j.id > $1
  and not exists (select 1 from invoices c
                  where c.operator_id = j.operator_id and c.kind = 'credit_note' and c.reference = 'refund/' || j.id)
order by j.id limit $2;

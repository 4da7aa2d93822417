-- All that run, and those that were cut off and may run.
-- name: running
select t.id, t.charger_id, t.connector_id, case when x.transaction_id is null then 0 else 1 end as cut_off, t.operator_id
from transactions t
left join session_cut_offs x on x.transaction_id = t.id
where t.state = 'active' or (t.state = 'pending_reconciliation' and x.transaction_id is not null)
order by t.id;

-- name: cut_off
insert into session_cut_offs (transaction_id, operator_id, cut_off_by, reason, price_minor, currency, energy_wh, cut_off_at)
select t.id, t.operator_id, cast($2 as text), cast($3 as text), cast($4 as bigint), cast($5 as text), cast($6 as bigint),
       cast($7 as {{time}})
from transactions t where t.id = $1 and t.state <> 'completed'
on conflict (transaction_id) do nothing;

-- name: target
select t.state, t.protocol, t.protocol_id, t.operator_id, c.charge_point_id
from transactions t join chargers c on c.id = t.charger_id where t.id = $1;

-- name: tried
update session_cut_offs set tries = tries + 1, last_try_at = $2, last_outcome = $3 where transaction_id = $1;

-- REST.

-- name: find
select t.id, t.state from transactions t where t.id = $1 and (cast($2 as text) is null or t.operator_id = $2);

-- name: list
select x.transaction_id as cursor, x.transaction_id, x.operator_id, c.charge_point_id, t.connector_id, t.id_tag, t.user_id,
       t.state, x.cut_off_by, x.reason, x.energy_wh, x.cut_off_at, x.tries, x.last_try_at, x.last_outcome, t.stopped_at,
       x.price_minor, x.currency
from session_cut_offs x
join transactions t on t.id = x.transaction_id
join chargers c on c.id = t.charger_id
where (cast($1 as text) is null or x.operator_id = $1)
  and (cast($2 as text) is null or c.charge_point_id = $2)
  and (cast($3 as text) is null or t.user_id = $3)
  and (cast($4 as text) is null or t.state = $4)
  and (cast($5 as bigint) is null or x.transaction_id = cast($5 as bigint))
  and (cast($6 as {{time}}) is null or x.cut_off_at >= cast($6 as {{time}}))
  and (cast($7 as {{time}}) is null or x.cut_off_at < cast($7 as {{time}}))
  and (cast($8 as bigint) is null or x.transaction_id < cast($8 as bigint))
order by x.transaction_id desc limit $9;

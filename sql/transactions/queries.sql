-- A charger is named by its charge_point_id ($3) or, where that is a number, by its id too ($2).
-- name: transaction_list
select id as cursor, transaction_rows.* from transaction_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($3 as text) is null or charger_id in (select c.id from chargers c where c.charge_point_id = $3 or c.id = cast($2 as bigint)))
  and (cast($4 as bigint) is null or connector_id = cast($4 as bigint))
  and (cast($5 as text) is null or lower(id_tag) = lower(cast($5 as text)))
  and (cast($6 as text) is null or user_id = $6)
  and (cast($7 as text) is null or state = $7)
  and (cast($8 as {{time}}) is null or started_at >= cast($8 as {{time}}))
  and (cast($9 as {{time}}) is null or started_at < cast($9 as {{time}}))
  and (cast($10 as bigint) is null or id < cast($10 as bigint))
order by id desc limit $11;

-- The same filters, without the page: one row per currency, null for what has no price. All of it is in one index.
-- name: transaction_totals
select currency, count(*) as count, cast(coalesce(sum(energy_wh), 0) as bigint) as energy_wh,
       cast(coalesce(sum(price_minor), 0) as bigint) as price_minor
from transactions
where (cast($1 as text) is null or operator_id = $1)
  and (cast($3 as text) is null or charger_id in (select c.id from chargers c where c.charge_point_id = $3 or c.id = cast($2 as bigint)))
  and (cast($4 as bigint) is null or connector_id = cast($4 as bigint))
  and (cast($5 as text) is null or lower(id_tag) = lower(cast($5 as text)))
  and (cast($6 as text) is null or user_id = $6)
  and (cast($7 as text) is null or state = $7)
  and (cast($8 as {{time}}) is null or started_at >= cast($8 as {{time}}))
  and (cast($9 as {{time}}) is null or started_at < cast($9 as {{time}}))
group by currency order by currency;

-- The totals of all transactions, or of one operator's ($1), from the sums that the plugin `analytics` keeps; in the same columns.
-- name: transaction_totals_kept @with analytics
select case when measure = 'revenue' then unit end as currency, cast(sum(case when measure = 'session' then n else 0 end) as bigint) as count,
       cast(sum(case when measure = 'session' then total else 0 end) as bigint) as energy_wh,
       cast(sum(case when measure = 'revenue' then total else 0 end) as bigint) as price_minor
from (select measure, unit, n, total from analytics_sums
      where operator_id = coalesce(cast($1 as text), '') and charger_id = 0 and measure in ('session', 'revenue') and grain = 3072
      union all
      select measure, unit, n, total from analytics_changes
      where measure in ('session', 'revenue') and (cast($1 as text) is null or operator_id = $1)) s
group by measure, unit having sum(n) <> 0 order by 1;

-- name: transaction_get
select id as cursor, (select n.note from transactions n where n.id = transaction_rows.id) as note,
       (select f.script_activation from price_facts f where f.transaction_id = transaction_rows.id) as script_activation,
       transaction_rows.*
from transaction_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: price_lines
select l.line, l.kind, l.description, l.quantity, l.unit, l.unit_price_minor, l.note, l.included_tax_percent,
       l.amount_minor, t.currency
from price_lines l join transactions t on t.id = l.transaction_id
where l.transaction_id = $1 order by l.line;

-- name: price_parts
select tariff_id, tariff_version, from_at, energy_wh from price_parts where transaction_id = $1 order by part;

-- name: meter_values
select id as cursor, id, connector_id, sampled_at, received_at, source, energy_wh, power_w, current_ma, voltage_mv,
       soc_percent, sample
from meter_values
where transaction_id = $1 and id > coalesce(cast($2 as bigint), 0)
order by id limit $3;

-- Totals of a time are summed up from this index alone; in place of the one of times.

create index transactions_totals on transactions (started_at, operator_id, state, currency, energy_wh, price_minor);
drop index transactions_by_time;

-- @postgres
create index transactions_by_operator on transactions (operator_id, id);
-- @end

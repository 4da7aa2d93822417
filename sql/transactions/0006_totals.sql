-- Totals of a time, an operator, a state are summed up from this index alone; it finds times as well as the one of times did.

create index transactions_totals on transactions (started_at, operator_id, state, currency, energy_wh, price_minor);
drop index transactions_by_time;

-- An operator's pages, which go by the id.
-- @postgres
create index transactions_by_operator on transactions (operator_id, id);
-- @end

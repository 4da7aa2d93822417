-- What is counted in the database, for GET /metrics. No parameters; each finds its rows by an index, or counts a table of
-- as many rows as there are chargers.

-- name: tasks_by_name
select name, state, count(*), min(run_at) from tasks where state <> 'done' group by name, state;

-- name: chargers_by_registration @with chargers
select registration, count(*) from chargers group by registration;

-- name: connectors_by_status @with chargers
select status, count(*) from connectors where connector_id > 0 group by status;

-- name: transactions_open @with transactions
select state, count(*) from transactions where state <> 'completed' group by state;

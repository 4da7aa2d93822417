-- Durable tasks: $1 is a task's id unless said otherwise.

-- name: task_add
insert into tasks (id, operator_id, name, payload, run_at, created_at) values ($1, $2, $3, $4, $5, $5)

-- The due ones at $1 among the names in the JSON array $2.
-- name: tasks_due @sqlite
select id, name, payload from tasks
where state = 'waiting' and run_at <= $1 and (claimed_until is null or claimed_until <= $1)
  and name in (select value from json_each($2))
order by run_at, id limit $3

-- name: tasks_due @postgres
select id, name, payload from tasks
where state = 'waiting' and run_at <= $1 and (claimed_until is null or claimed_until <= $1)
  and name in (select json_array_elements_text(cast($2 as json)))
order by run_at, id limit cast($3 as bigint)

-- One row if it was free at $3; until $2 it is ours.
-- name: task_claim
update tasks set claimed_until = $2, tries = tries + 1
where id = $1 and state = 'waiting' and (claimed_until is null or claimed_until <= $3)
returning tries

-- name: task_done
update tasks set state = 'done', ended_at = $2, claimed_until = null, error = null where id = $1 and state = 'waiting'

-- name: task_retry
update tasks set run_at = $2, claimed_until = null, error = $3 where id = $1 and state = 'waiting'

-- name: task_dead
update tasks set state = 'dead', ended_at = $2, claimed_until = null, error = $3 where id = $1 and state = 'waiting'

-- At start. SQLite serves one node, so whoever had claims at $1 is gone; elsewhere only lapsed ones are taken away.
-- name: tasks_release @sqlite
update tasks set claimed_until = null where state = 'waiting' and claimed_until > $1

-- name: tasks_release @postgres
update tasks set claimed_until = null where state = 'waiting' and claimed_until <= $1

-- Done before $1. Dead ones stay until somebody has looked at them.
-- name: tasks_sweep
delete from tasks where state = 'done' and ended_at < $1

-- name: add_thing
insert into things (name) values ($1)

-- name: count_things
select count(*) from things

-- name: task_rows
select state, tries, error from tasks order by id

-- name: foreign_task
insert into tasks (id, name, payload, run_at, created_at) values ($1, $2, '{}', $3, $3)

-- name: claimed_task
insert into tasks (id, name, payload, run_at, created_at, claimed_until, tries) values ($1, 'job', '{}', $2, $2, $3, $4)

-- For lists of tasks: by name, by operator, by state. Of indexes that promise the same SQLite takes the newest one.

create index tasks_by_name on tasks (name, id);
create index tasks_by_operator on tasks (operator_id, id);
create index tasks_by_state on tasks (state, id);
create index tasks_by_operator_and_state on tasks (operator_id, state, id);

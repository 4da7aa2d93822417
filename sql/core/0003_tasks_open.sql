-- What waits and what is dead, by name: for figures, without reading what is done.

create index tasks_open on tasks (state, name, run_at) where state <> 'done';

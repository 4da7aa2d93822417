-- A command's stream begins with its first event.
create index events_by_command on events (command_id) where command_id is not null;

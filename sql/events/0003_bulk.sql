-- Events of bulk commands.
alter table events add column bulk_id text;
-- A bulk command's stream begins with its first event.
create index events_by_bulk on events (bulk_id) where bulk_id is not null;

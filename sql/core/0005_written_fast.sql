-- Both columns are written by the core alone, which knows no other words. PostgreSQL reads and plans a check anew for each
-- statement that inserts; SQLite, which does not, keeps them.
-- @postgres
alter table messages drop constraint messages_direction_check, drop constraint messages_kind_check;
-- @end

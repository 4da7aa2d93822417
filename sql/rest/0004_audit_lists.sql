-- For lists of the audit: what one operator's callers have done, and what was done to one thing. Of indexes that promise the same SQLite
-- takes the newest one: that of operators is the last to be taken.

create index audit_by_operator on audit (operator_id, id) where operator_id is not null;
drop index audit_by_actor;
create index audit_by_actor on audit (actor, id);
create index audit_by_path on audit (path, id);

-- Whether a session's user lacks a second factor is looked at with each request.
alter table user_sessions drop column limited;

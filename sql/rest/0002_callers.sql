-- Callers that are no API keys: "session", "jwt"; null in rows from before: a key.
alter table audit add column kind text;
alter table audit add column user_id text;

-- What an answer to a POST says beside its body.
alter table idempotency add column location text;
alter table idempotency add column etag text;

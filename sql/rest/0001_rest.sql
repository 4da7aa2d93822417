-- Who may call, what they changed, and which of their requests must not run twice.

-- Only a key's SHA-256 is kept.
create table api_keys (
  id            text primary key,
  name          text not null,
  role          text not null check (role in ('admin', 'operator', 'user', 'readonly')),
  operator_id   text references operators (id),  -- null: all of them
  user_id       text,                            -- of a key with the role user
  key_hash      text not null unique,
  prefix        text not null,
  created_at    {{time}} not null,
  created_by    text,
  expires_at    {{time}},
  last_used_at  {{time}}                         -- coalesced: up to a minute late
);

create table audit (
  id            {{id}},
  at            {{time}} not null,
  actor         text not null,                   -- the key's name
  key_id        text,
  role          text,
  operator_id   text,                            -- the actor's; null: all of them
  method        text not null,
  path          text not null,
  route         text not null,
  status        integer not null,
  remote        text not null,
  before_value  text,
  after_value   text
);
create index audit_by_actor on audit (actor, id);
create index audit_by_time on audit (at);

-- A POST with an Idempotency-Key: claimed before it runs, with its answer once that is fixed.
create table idempotency (
  key_id           text not null,
  idempotency_key  text not null,
  request_hash     text not null,                -- of method, path and body
  status           integer,                      -- null: claimed, not answered (yet)
  body             text,
  created_at       {{time}} not null,
  primary key (key_id, idempotency_key)
);
create index idempotency_by_time on idempotency (created_at);

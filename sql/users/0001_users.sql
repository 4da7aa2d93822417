-- People, and how they sign in.

-- `id` is what `user_id` is elsewhere: of tokens, transactions, wallets. Those stay when the user goes.
create table users (
  id            text primary key,
  operator_id   text references operators (id),  -- null: all of them; admins, and readonly ones
  email         text,
  email_key     text unique,                     -- in lower case
  name          text not null,
  role          text not null check (role in ('admin', 'operator', 'user', 'readonly')),
  state         text not null check (state in ('active', 'disabled')),
  language      text,
  issuer        text,                            -- who vouches for the user elsewhere, and
  subject       text,                            -- as whom
  created_by    text,
  created_at    {{time}} not null,
  updated_at    {{time}} not null,
  last_login_at {{time}},
  unique (issuer, subject),
  check (role <> 'admin' or operator_id is null),
  check (role in ('admin', 'readonly') or operator_id is not null)
);
create index users_by_operator on users (operator_id, id);

create table user_passwords (
  user_id     text primary key references users (id) on delete cascade,
  hash        text not null,                     -- scrypt, with its figures and salt
  changed_at  {{time}} not null
);

-- Of a session only hashes are kept.
create table user_sessions (
  id            text primary key,
  user_id       text not null references users (id) on delete cascade,
  token_hash    text not null unique,
  csrf_hash     text not null,
  limited       integer not null,                -- may only set up the second factor that it lacks
  remote        text not null,
  user_agent    text,
  created_at    {{time}} not null,
  last_seen_at  {{time}} not null,               -- coalesced: up to a minute late
  expires_at    {{time}} not null
);
create index user_sessions_by_user on user_sessions (user_id, id);
create index user_sessions_by_end on user_sessions (expires_at);

create table user_totp (
  user_id       text primary key references users (id) on delete cascade,
  secret        text not null,                   -- base32
  created_at    {{time}} not null,
  confirmed_at  {{time}},                        -- null: not in force yet
  last_step     bigint not null                  -- of the last code that was taken
);

create table user_recovery_codes (
  user_id    text not null references users (id) on delete cascade,
  code_hash  text not null,
  primary key (user_id, code_hash)
);

-- What mails lead to. The newest of a kind is the only one.
create table user_links (
  user_id     text not null references users (id) on delete cascade,
  purpose     text not null check (purpose in ('login', 'reset', 'invite')),
  token_hash  text not null unique,
  created_at  {{time}} not null,
  expires_at  {{time}} not null,
  primary key (user_id, purpose)
);

create view user_rows as
select u.id, u.operator_id, u.email, u.name, u.role, u.state, u.language, u.issuer, u.subject, u.created_by,
       u.created_at, u.updated_at, u.last_login_at,
       case when p.user_id is null then 0 else 1 end as has_password,
       case when t.confirmed_at is null then 0 else 1 end as has_totp
from users u
left join user_passwords p on p.user_id = u.id
left join user_totp t on t.user_id = u.id;

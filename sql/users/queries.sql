-- Users.

-- name: user_list
select id as cursor, user_rows.* from user_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or id = $2)
  and (cast($3 as text) is null or operator_id = $3)
  and (cast($4 as text) is null or role = $4)
  and (cast($5 as text) is null or state = $5)
  and (cast($6 as text) is null or lower(email) = lower($6))
  and id > coalesce(cast($7 as text), '')
order by id limit $8;

-- name: user_get
select id as cursor, user_rows.* from user_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: user_insert
insert into users (id, operator_id, email, email_key, name, role, state, language, created_by, created_at, updated_at)
select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as text), cast($8 as text), cast($9 as text), cast($10 as {{time}}), cast($10 as {{time}})
where cast($2 as text) is null or exists (select 1 from operators o where o.id = $2)
returning id;

-- Changes of admins go one after the other, by a row that is always there: each then sees what the one before has done.
-- name: admins_lock
update operators set name = name where id = 'default';

-- Before user_update, and what goes with it (links_remove, password_put): the row stays of the version that is meant.
-- name: user_lock
update users set updated_at = updated_at where id = $1;

-- Somebody must keep the power to make users ($11: it would take it from this one).
-- name: user_update
update users set operator_id = cast($4 as text), email = cast($5 as text), email_key = cast($6 as text),
       name = cast($7 as text), role = cast($8 as text), state = cast($9 as text), language = cast($10 as text),
       updated_at = cast($3 as {{time}})
where id = $1 and (cast($2 as {{time}}) is null or updated_at = cast($2 as {{time}}))
  and (cast($11 as bigint) = 0
       or exists (select 1 from users a where a.role = 'admin' and a.state = 'active' and a.id <> $1))
returning id;

-- name: user_delete
delete from users
where id = $1
  and (role <> 'admin' or state <> 'active'
       or exists (select 1 from users a where a.role = 'admin' and a.state = 'active' and a.id <> $1))
returning id;

-- name: sessions_end_of_disabled
delete from user_sessions
where user_id = $1 and exists (select 1 from users u where u.id = $1 and u.state = 'disabled');

-- For others.

-- name: service_find
select id, operator_id, email, name, role, language, issuer, subject, state from users where id = $1;

-- name: service_find_subject
select id, operator_id, email, name, role, language, issuer, subject, state from users
where issuer = $1 and subject = $2;

-- name: service_create
insert into users (id, operator_id, email, email_key, name, role, state, language, issuer, subject, created_by,
                   created_at, updated_at)
select cast($1 as text), cast($2 as text), e.email, e.email_key, cast($5 as text), cast($6 as text), 'active',
       cast($7 as text), cast($8 as text), cast($9 as text), cast($10 as text), cast($11 as {{time}}),
       cast($11 as {{time}})
from (select case when k.taken = 0 then cast($3 as text) end as email,
             case when k.taken = 0 then cast($4 as text) end as email_key
      from (select count(*) as taken from users where email_key = cast($4 as text)
              and not (coalesce(issuer, '') = cast($8 as text) and coalesce(subject, '') = cast($9 as text))) k) e
where cast($2 as text) is null or exists (select 1 from operators o where o.id = $2)
on conflict (issuer, subject) do nothing;

-- What its provider says of the user now; the last admin stays one.
-- name: service_follow
update users set operator_id = cast($3 as text), name = cast($4 as text), role = cast($5 as text),
       updated_at = cast($6 as {{time}})
where issuer = $1 and subject = $2
  and (name <> cast($4 as text) or role <> cast($5 as text) or coalesce(operator_id, '') <> coalesce(cast($3 as text), ''))
  and (cast($3 as text) is null or exists (select 1 from operators o where o.id = cast($3 as text)))
  and (role <> 'admin' or state <> 'active' or cast($5 as text) = 'admin'
       or exists (select 1 from users a where a.role = 'admin' and a.state = 'active' and a.id <> users.id));

-- name: service_state
update users set state = cast($3 as text), updated_at = cast($4 as {{time}})
where issuer = $1 and subject = $2 and state <> cast($3 as text)
  and (role <> 'admin' or cast($3 as text) = 'active'
       or exists (select 1 from users a where a.role = 'admin' and a.state = 'active' and a.id <> users.id));

-- name: service_end_sessions
delete from user_sessions
where user_id in (select id from users where issuer = $1 and subject = $2 and state = 'disabled');

-- Signing in. The same columns in the same order for sign_in_of_*.

-- name: sign_in_of_email
select u.id, u.name, u.role, u.operator_id, u.email, u.email_key, u.state, p.hash, t.secret, t.last_step
from users u
left join user_passwords p on p.user_id = u.id
left join user_totp t on t.user_id = u.id and t.confirmed_at is not null
where u.email_key = $1;

-- name: sign_in_of_id
select u.id, u.name, u.role, u.operator_id, u.email, u.email_key, u.state, p.hash, t.secret, t.last_step
from users u
left join user_passwords p on p.user_id = u.id
left join user_totp t on t.user_id = u.id and t.confirmed_at is not null
where u.id = $1;

-- name: password_set
insert into user_passwords (user_id, hash, changed_at)
select u.id, cast($2 as text), cast($3 as {{time}}) from users u where u.id = $1
on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at;

-- Behind user_insert, which has made the user if there is the operator ($4; NULL: of all), or else ended the unit.
-- name: password_first
insert into user_passwords (user_id, hash, changed_at)
select cast($1 as text), cast($2 as text), cast($3 as {{time}})
where cast($4 as text) is null or exists (select 1 from operators o where o.id = $4);

-- By who may change the user; $4 and $5 are $2 and $11 of user_update.
-- name: password_put
insert into user_passwords (user_id, hash, changed_at)
select u.id, cast($2 as text), cast($3 as {{time}}) from users u
where u.id = $1 and (cast($4 as {{time}}) is null or u.updated_at = cast($4 as {{time}}))
  and (cast($5 as bigint) = 0
       or exists (select 1 from users a where a.role = 'admin' and a.state = 'active' and a.id <> $1))
on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at;

-- Behind password_put: no other hash is the same.
-- name: sessions_end_of_put
delete from user_sessions
where user_id = $1 and exists (select 1 from user_passwords p where p.user_id = $1 and p.hash = $2);

-- Sessions.

-- name: session_insert
insert into user_sessions (id, user_id, token_hash, csrf_hash, remote, user_agent, created_at, last_seen_at, expires_at)
select cast($1 as text), u.id, cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as {{time}}), cast($7 as {{time}}), cast($8 as {{time}})
from users u where u.id = $2 and u.state = 'active';

-- The newest ones stay.
-- name: sessions_trim
delete from user_sessions
where user_id = $1
  and id not in (select k.id from user_sessions k where k.user_id = $1 order by k.id desc limit 20);

-- name: user_signed_in
update users set last_login_at = cast($2 as {{time}}) where id = $1;

-- name: session_find
select s.id, s.csrf_hash, s.last_seen_at, s.expires_at, u.id as user_id, u.name, u.role, u.operator_id, u.email,
       t.confirmed_at
from user_sessions s
join users u on u.id = s.user_id
left join user_totp t on t.user_id = u.id
where s.token_hash = $1 and s.expires_at > cast($2 as {{time}}) and s.last_seen_at > cast($3 as {{time}})
  and u.state = 'active';

-- name: session_seen
update user_sessions set last_seen_at = cast($2 as {{time}}) where id = $1 and last_seen_at < cast($2 as {{time}});

-- name: session_list
select id as cursor, id, created_at, last_seen_at, expires_at, remote, user_agent,
       case when token_hash = coalesce(cast($2 as text), '') then 1 else 0 end as current
from user_sessions
where user_id = $1 and expires_at > cast($3 as {{time}}) and last_seen_at > cast($4 as {{time}})
  and (cast($5 as text) is null or id < cast($5 as text))
order by id desc limit $6;

-- name: session_end
delete from user_sessions where user_id = $1 and id = $2 returning id;

-- name: session_end_by_token
delete from user_sessions where token_hash = $1;

-- name: sessions_end
delete from user_sessions where user_id = $1 and (cast($2 as text) is null or token_hash <> cast($2 as text));

-- name: sweep_sessions
delete from user_sessions where expires_at < cast($1 as {{time}}) or last_seen_at < cast($2 as {{time}});

-- name: sweep_links
delete from user_links where expires_at < cast($1 as {{time}});

-- The second factor.

-- name: totp_get
select t.confirmed_at, t.secret, t.last_step,
       (select count(*) from user_recovery_codes c where c.user_id = u.id) as codes_left
from users u left join user_totp t on t.user_id = u.id
where u.id = $1;

-- A new secret, unless one is in force.
-- name: totp_begin
insert into user_totp (user_id, secret, created_at, confirmed_at, last_step)
values ($1, $2, cast($3 as {{time}}), null, -1)
on conflict (user_id) do update
set secret = excluded.secret, created_at = excluded.created_at, last_step = -1
where user_totp.confirmed_at is null
returning user_id;

-- name: totp_confirm
update user_totp set confirmed_at = cast($2 as {{time}}), last_step = cast($3 as bigint)
where user_id = $1 and confirmed_at is null and secret = $4
returning user_id;

-- A code counts once, and none before it does.
-- name: totp_use
update user_totp set last_step = cast($2 as bigint)
where user_id = $1 and confirmed_at is not null and last_step < cast($2 as bigint)
returning user_id;

-- name: totp_remove
delete from user_totp where user_id = $1;

-- name: recovery_code_add
insert into user_recovery_codes (user_id, code_hash)
select t.user_id, cast($2 as text) from user_totp t where t.user_id = $1 and t.confirmed_at is not null;

-- name: recovery_code_use
delete from user_recovery_codes where user_id = $1 and code_hash = $2 returning user_id;

-- name: recovery_codes_remove
delete from user_recovery_codes where user_id = $1;

-- Links.

-- name: link_user
select id, name, email, language, operator_id from users where id = $1 and state = 'active' and email is not null;

-- name: link_put
insert into user_links (user_id, purpose, token_hash, created_at, expires_at)
select u.id, cast($2 as text), cast($3 as text), cast($4 as {{time}}), cast($5 as {{time}}) from users u where u.id = $1
on conflict (user_id, purpose) do update
set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at;

-- name: sign_in_of_link
select u.id, u.name, u.role, u.operator_id, u.email, u.email_key, u.state, p.hash, t.secret, t.last_step
from user_links l
join users u on u.id = l.user_id
left join user_passwords p on p.user_id = u.id
left join user_totp t on t.user_id = u.id and t.confirmed_at is not null
where l.token_hash = $1 and l.purpose in (cast($2 as text), cast($3 as text)) and l.expires_at > cast($4 as {{time}});

-- name: link_use
delete from user_links where token_hash = $1 returning user_id;

-- A link that comes twice at once waits here, and then is no more.
-- name: link_lock
update user_links set created_at = created_at where token_hash = $1;

-- name: password_by_link
insert into user_passwords (user_id, hash, changed_at)
select l.user_id, cast($2 as text), cast($3 as {{time}}) from user_links l where l.token_hash = $1
on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at;

-- name: sessions_end_by_link
delete from user_sessions where user_id in (select user_id from user_links where token_hash = $1);

-- name: links_use
delete from user_links where user_id in (select l.user_id from user_links l where l.token_hash = $1) returning user_id;

-- $2 and $3 are $2 and $11 of user_update.
-- name: links_remove
delete from user_links
where user_id = $1
  and exists (select 1 from users u where u.id = $1 and (cast($2 as {{time}}) is null or u.updated_at = cast($2 as {{time}})))
  and (cast($3 as bigint) = 0
       or exists (select 1 from users a where a.role = 'admin' and a.state = 'active' and a.id <> $1));

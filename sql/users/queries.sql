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

-- Changes of admins go one after the other: each locks this row first, and then sees what the one before has done.
-- name: admins_lock
update users set state = state where id = (select min(id) from users where role = 'admin');

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

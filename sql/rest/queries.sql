-- Keys.

-- name: key_by_hash
select id, name, role, operator_id, user_id, expires_at, last_used_at
from api_keys where key_hash = $1;

-- name: key_used
update api_keys set last_used_at = cast($2 as {{time}}) where id = $1;

-- name: key_bootstrap
insert into api_keys (id, name, role, key_hash, prefix, created_at, created_by)
select 'bootstrap', cast($1 as text), 'admin', cast($2 as text), cast($3 as text), cast($4 as {{time}}), 'bootstrap'
where not exists (select 1 from api_keys where role = 'admin' and (expires_at is null or expires_at > cast($4 as {{time}})))
returning id;

-- name: key_insert
insert into api_keys (id, name, role, operator_id, user_id, key_hash, prefix, created_at, created_by, expires_at)
select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as text), cast($8 as {{time}}), cast($9 as text), cast($10 as {{time}})
where cast($4 as text) is null or exists (select 1 from operators o where o.id = $4)
returning id;

-- name: key_list
select id as cursor, id, name, role, operator_id, user_id, prefix, created_at, created_by, expires_at, last_used_at
from api_keys
where (cast($1 as text) is null or role = $1) and id > coalesce(cast($2 as text), '')
order by id limit $3;

-- name: key_get
select id, name, role, operator_id, user_id, prefix, created_at, created_by, expires_at, last_used_at
from api_keys where id = $1;

-- Those who remove admins' keys go one after the other, by a row that is always there: each then sees what the one before has done.
-- name: admin_keys_lock
update operators set name = name where id = 'default';

-- Somebody must keep the power to make keys. One that has expired ($2: now) has none, and goes.
-- name: key_delete
delete from api_keys
where id = $1
  and (role <> 'admin' or expires_at <= cast($2 as {{time}})
       or exists (select 1 from api_keys k
                  where k.role = 'admin' and k.id <> $1 and (k.expires_at is null or k.expires_at > cast($2 as {{time}}))))
returning id;

-- Idempotency.

-- name: idempotency_claim
insert into idempotency (key_id, idempotency_key, request_hash, created_at)
values ($1, $2, $3, cast($4 as {{time}}))
on conflict (key_id, idempotency_key) do update
set request_hash = excluded.request_hash, status = null, body = null, location = null, etag = null, created_at = excluded.created_at
where idempotency.created_at < cast($5 as {{time}})
returning key_id;

-- name: idempotency_get
select request_hash, status, body, location, etag from idempotency where key_id = $1 and idempotency_key = $2;

-- name: idempotency_answer
update idempotency set status = $3, body = $4, location = $5, etag = $6 where key_id = $1 and idempotency_key = $2;

-- name: idempotency_release
delete from idempotency where key_id = $1 and idempotency_key = $2;

-- name: idempotency_clean
delete from idempotency where created_at < cast($1 as {{time}});

-- Audit.

-- name: audit_insert
insert into audit (at, actor, key_id, role, operator_id, method, path, route, status, remote, before_value, after_value,
                   kind, user_id)
values (cast($1 as {{time}}), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: audit_list
select id as cursor, id, at, actor, kind, user_id, role, operator_id, method, path, route, status, remote,
       before_value, after_value
from audit
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or actor = $2)
  and (cast($3 as text) is null or path = $3)
  and (cast($4 as {{time}}) is null or at >= cast($4 as {{time}}))
  and (cast($5 as {{time}}) is null or at < cast($5 as {{time}}))
  and (cast($6 as bigint) is null or id < cast($6 as bigint))
order by id desc limit $7;

-- What the core keeps.

-- name: task_list
select id as cursor, id, operator_id, name, payload, state, tries, run_at, error, created_at, ended_at
from tasks
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or state = $2)
  and (cast($3 as text) is null or name = $3)
  and (cast($4 as text) is null or id < $4)
order by id desc limit $5;

-- name: task_find
select state from tasks where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- Claimed by nobody, and due now. Only one that is dead: another may be at work.
-- name: task_again
update tasks set state = 'waiting', tries = 0, run_at = cast($2 as {{time}}), claimed_until = null, ended_at = null
where id = $1 and state = 'dead'
returning id as cursor, id, operator_id, name, payload, state, tries, run_at, error, created_at, ended_at;

-- name: charger_by_id
select charge_point_id, operator_id, id from chargers
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: charger_by_identity
select charge_point_id, operator_id, id from chargers
where charge_point_id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: command_list
select id as cursor, id, operator_id, charge_point_id, action, payload, state, requested_by, created_at, deadline_at,
       sent_at, ended_at, message_id, response, error_code, error_detail
from commands
where charge_point_id = $1 and operator_id = $2
  and (cast($3 as text) is null or action = $3)
  and (cast($4 as text) is null or state = $4)
  and (cast($5 as text) is null or id < $5)
order by id desc limit $6;

-- name: command_get
select id, operator_id, charge_point_id, action, payload, state, requested_by, created_at, deadline_at,
       sent_at, ended_at, message_id, response, error_code, error_detail
from commands
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: message_list
select id as cursor, id, operator_id, charge_point_id, direction, kind, action, message_id, payload, error_code,
       error_detail, latency_us, correlation_id, at
from messages
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or charge_point_id = $2)
  and (cast($3 as text) is null or direction = $3)
  and (cast($4 as text) is null or action = $4)
  and (cast($5 as text) is null or message_id = $5)
  and (cast($6 as {{time}}) is null or at >= cast($6 as {{time}}))
  and (cast($7 as {{time}}) is null or at < cast($7 as {{time}}))
  and (cast($8 as bigint) is null or id < cast($8 as bigint))
order by id desc limit $9;

-- name: violation_list
select id as cursor, id, kind, direction, action, code, path, rule, count, first_at, last_at, last_message_id
from charger_faults
where charger_id = $1 and operator_id = $2
  and (cast($3 as text) is null or kind = $3)
  and (cast($4 as text) is null or action = $4)
  and id > coalesce(cast($5 as bigint), 0)
order by id limit $6;

-- name: violations_reset
delete from charger_faults where charger_id = $1;

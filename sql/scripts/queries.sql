-- What is kept in memory, and whether it has changed: activations are only ever added.

-- name: stamp
select count(*) from script_activations;

-- name: heads
select operator_id, number from script_active order by operator_id;

-- The set of the activation $2, or of that which holds; without scripts one row with nulls.
-- name: set_load
select a.operator_id, a.number, a.functions, s.name, i.version, v.source
from script_activations a
left join script_activation_items i on i.operator_id = a.operator_id and i.number = a.number
left join scripts s on s.id = i.script_id
left join script_versions v on v.script_id = i.script_id and v.version = i.version
where a.operator_id = $1
  and a.number = coalesce(cast($2 as integer),
    (select max(n.number) from script_activations n where n.operator_id = $1))
order by s.name;

-- Making another set out of what there is: all scripts of an operator, deleted ones too.
-- name: set_known
select s.name, s.version, s.deleted, v.source, i.version as active_version, av.source as active_source, a.number
from scripts s
join script_versions v on v.script_id = s.id and v.version = s.version
left join script_active a on a.operator_id = s.operator_id
left join script_activation_items i
  on i.operator_id = s.operator_id and i.number = a.number and i.script_id = s.id
left join script_versions av on av.script_id = i.script_id and av.version = i.version
where s.operator_id = $1
order by s.name;

-- name: version_source
select v.source from scripts s join script_versions v on v.script_id = s.id
where s.operator_id = $1 and s.name = $2 and v.version = cast($3 as bigint);

-- The activation that a rollback brings back: that of the number, or the one before what now holds. `number` is
-- where its set first was.
-- name: rollback_items
select coalesce(b.origin, b.number) as number, s.name, i.version, v.source
from script_activations b
left join script_activation_items i on i.operator_id = b.operator_id and i.number = b.number
left join scripts s on s.id = i.script_id
left join script_versions v on v.script_id = i.script_id and v.version = i.version
where b.operator_id = $1
  and b.number = coalesce(cast($2 as integer),
    (select max(c.number) from script_activations c, script_active a
     where c.operator_id = $1 and a.operator_id = $1 and c.number < coalesce(a.origin, a.number)))
order by s.name;

-- name: script_touch
insert into scripts (operator_id, name, version, deleted, created_at, updated_at)
select o.id, cast($2 as text), 1, 0, cast($3 as {{time}}), cast($3 as {{time}}) from operators o where o.id = $1
on conflict (operator_id, name) do update
  set version = scripts.version + 1, deleted = 0, updated_at = excluded.updated_at;

-- name: version_add
insert into script_versions (script_id, version, source, note, created_by, created_at)
select s.id, s.version, cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as {{time}})
from scripts s where s.operator_id = $1 and s.name = $2;

-- name: activation_add
insert into script_activations (operator_id, number, origin, functions, note, created_by, created_at)
select o.id, cast($2 as integer), cast($3 as integer), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as {{time}})
from operators o where o.id = $1;

-- Version null: the newest, which this unit has made. What is active is not deleted.
-- name: item_add
insert into script_activation_items (operator_id, number, script_id, version)
select s.operator_id, cast($2 as integer), s.id, coalesce(cast($4 as integer), s.version)
from scripts s where s.operator_id = $1 and s.name = $3;

-- name: script_revive
update scripts set deleted = 0 where operator_id = $1 and name = $2 and deleted = 1;

-- name: script_delete
update scripts set deleted = 1, updated_at = cast($3 as {{time}}) where operator_id = $1 and name = $2;

-- name: operator_exists
select id from operators where id = $1;

-- REST.

-- name: script_list
select id as cursor, script_rows.* from script_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or operator_id = $2)
  and (cast($3 as text) is null or name = $3)
  and id > coalesce(cast($4 as bigint), 0)
order by id limit $5;

-- name: script_get
select r.id as cursor, r.id, r.operator_id, r.name, r.version, r.active_version, v.source, r.created_at, r.updated_at
from script_rows r join script_versions v on v.script_id = r.id and v.version = r.version
where r.id = $1 and (cast($2 as text) is null or r.operator_id = $2);

-- name: version_list
select v.version as cursor, v.version, v.note, v.created_by, v.created_at from script_versions v
where v.script_id = $1 and (cast($2 as bigint) is null or v.version < cast($2 as bigint))
order by v.version desc limit $3;

-- name: version_get
select v.version, v.source, v.note, v.created_by, v.created_at
from script_rows r join script_versions v on v.script_id = r.id
where r.id = $1 and (cast($2 as text) is null or r.operator_id = $2) and v.version = cast($3 as bigint);

-- name: activation_list
select a.id as cursor, a.operator_id, a.number, a.origin, a.functions, a.note, a.created_by, a.created_at,
       (select count(*) from script_activation_items i
        where i.operator_id = a.operator_id and i.number = a.number) as scripts
from script_activations a
where (cast($1 as text) is null or a.operator_id = $1)
  and (cast($2 as text) is null or a.operator_id = $2)
  and (cast($3 as bigint) is null or a.id < cast($3 as bigint))
order by a.id desc limit $4;

-- name: failure_list
select f.id as cursor, f.operator_id, f.hook, f.count, f.script, f.version, f.line, f.detail, f.first_at, f.last_at
from script_failures f
where (cast($1 as text) is null or f.operator_id = $1)
  and (cast($2 as text) is null or f.operator_id = $2)
  and (cast($3 as text) is null or f.hook = $3)
  and f.id > coalesce(cast($4 as bigint), 0)
order by f.id limit $5;

-- name: failure_count
insert into script_failures (operator_id, hook, count, script, version, line, detail, first_at, last_at)
values ($1, $2, cast($3 as bigint), $4, $5, cast($6 as integer), $7, cast($8 as {{time}}), cast($8 as {{time}}))
on conflict (operator_id, hook) do update
  set count = script_failures.count + excluded.count, script = excluded.script, version = excluded.version,
      line = excluded.line, detail = excluded.detail, last_at = excluded.last_at;

-- The store.

-- name: value_get
select value from script_values where operator_id = $1 and key = $2;

-- No row comes back where the operator has as many keys as it may.
-- name: value_put
insert into script_values (operator_id, key, value, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as {{time}}) from operators o
where o.id = $1
  and ((select count(*) from script_values v where v.operator_id = $1) < cast($5 as bigint)
       or exists (select 1 from script_values v where v.operator_id = $1 and v.key = $2))
on conflict (operator_id, key) do update set value = excluded.value, updated_at = excluded.updated_at
returning key;

-- name: value_delete
delete from script_values where operator_id = $1 and key = $2;

-- What is kept in memory, and whether it has changed.

-- name: stamp
select (select count(*) from quirk_rules) as rules, (select max(updated_at) from quirk_rules) as rules_at,
       (select count(*) from quirk_scripts) as scripts, (select max(updated_at) from quirk_scripts) as scripts_at;

-- name: rules_load
select operator_id, name, vendor, model, firmware, validation, quirks, final, position, id
from quirk_rules where active = 1 order by position, id;

-- name: scripts_load
select id, operator_id, name, version, source from quirk_script_rows;

-- Rules.

-- name: rule_list
select id as cursor, quirk_rules.* from quirk_rules
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or name = $2)
  and id > coalesce(cast($3 as bigint), 0)
order by id limit $4;

-- name: rule_get
select id as cursor, quirk_rules.* from quirk_rules
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: rule_insert
insert into quirk_rules (operator_id, name, position, vendor, model, firmware, validation, quirks, final, active,
  created_at, updated_at)
select o.id, cast($2 as text), cast($3 as integer), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as text), cast($8 as text), cast($9 as integer), cast($10 as integer),
       cast($11 as {{time}}), cast($11 as {{time}})
from operators o where o.id = $1
returning id;

-- name: rule_update
update quirk_rules set name = $2, position = cast($3 as integer), vendor = $4, model = $5, firmware = $6, validation = $7,
       quirks = $8, final = cast($9 as integer), active = cast($10 as integer), updated_at = cast($11 as {{time}})
where id = $1 and (cast($12 as {{time}}) is null or updated_at = cast($12 as {{time}}))
returning id;

-- name: rule_delete
delete from quirk_rules where id = $1 returning id;

-- Scripts.

-- name: script_list
select id as cursor, quirk_script_rows.* from quirk_script_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or name = $2)
  and id > coalesce(cast($3 as bigint), 0)
order by id limit $4;

-- name: script_get
select id as cursor, quirk_script_rows.* from quirk_script_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: script_insert
insert into quirk_scripts (operator_id, name, version, created_at, updated_at)
select o.id, cast($2 as text), 1, cast($3 as {{time}}), cast($3 as {{time}})
from operators o where o.id = $1;

-- name: version_first
insert into quirk_script_versions (script_id, version, source, created_at)
select s.id, 1, cast($3 as text), s.created_at from quirk_scripts s where s.operator_id = $1 and s.name = $2
returning script_id;

-- Changes of one script go one after the other. Before the two below, which hold together: the row is of the version that is meant.
-- name: script_lock
update quirk_scripts set updated_at = updated_at where id = $1;

-- name: version_next
insert into quirk_script_versions (script_id, version, source, created_at)
select s.id, s.version + 1, cast($3 as text), cast($2 as {{time}}) from quirk_scripts s
where s.id = $1 and (cast($4 as {{time}}) is null or s.updated_at = cast($4 as {{time}}));

-- name: script_update
update quirk_scripts set version = version + 1, updated_at = cast($2 as {{time}})
where id = $1 and (cast($3 as {{time}}) is null or updated_at = cast($3 as {{time}}))
returning id;

-- name: script_delete
delete from quirk_scripts where id = $1 returning id;

-- name: version_list
select v.version as cursor, v.version, v.source, v.created_at from quirk_script_versions v
where v.script_id = $1 and (cast($2 as bigint) is null or v.version < cast($2 as bigint))
order by v.version desc limit $3;

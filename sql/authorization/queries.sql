-- The token, its group, and, for a start ($3 = 1), how many transactions it runs elsewhere than at this
-- charger ($4) and connector ($5).
-- name: authorize
select k.parent_id_tag, k.status, k.expires_at, k.user_id, k.max_active,
       g.status as group_status, g.expires_at as group_expires_at,
       case when cast($3 as bigint) = 1 then
         (select count(*) from transactions t
          where t.operator_id = k.operator_id and lower(t.id_tag) = k.id_tag_key and t.state = 'active'
            and not (t.charger_id = cast($4 as bigint) and t.connector_id = coalesce(cast($5 as bigint), -1)))
       else 0 end as active
from tokens k
left join tokens g on g.operator_id = k.operator_id and g.id_tag_key = lower(k.parent_id_tag)
where k.operator_id = $1 and k.id_tag_key = $2;

-- name: token_list
select id as cursor, token_rows.* from token_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or id_tag_key = lower(cast($2 as text)))
  and (cast($3 as text) is null or lower(parent_id_tag) = lower(cast($3 as text)))
  and (cast($4 as text) is null or user_id = $4)
  and (cast($5 as text) is null or status = $5)
  and id > coalesce(cast($6 as bigint), 0)
order by id limit $7;

-- name: token_find
select * from token_rows
where id_tag_key = $1 and (cast($2 as text) is null or operator_id = $2)
order by id limit 2;

-- name: token_get
select * from token_rows where id = $1;

-- name: token_insert
insert into tokens (operator_id, id_tag, id_tag_key, parent_id_tag, status, expires_at, user_id, max_active,
                    created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as {{time}}),
       cast($7 as text), cast($8 as bigint), cast($9 as {{time}}), cast($9 as {{time}})
from operators o where o.id = $1
returning id;

-- name: token_update
update tokens set parent_id_tag = $2, status = $3, expires_at = cast($4 as {{time}}), user_id = $5,
       max_active = cast($6 as bigint), updated_at = cast($7 as {{time}})
where id = $1 and (cast($8 as {{time}}) is null or updated_at = cast($8 as {{time}}))
returning id;

-- name: token_delete
delete from tokens where id = $1 returning id;

-- In the unit of every change.
-- name: token_changed
insert into token_revisions (operator_id, revision) select id, 1 from operators where id = $1
on conflict (operator_id) do update set revision = token_revisions.revision + 1;

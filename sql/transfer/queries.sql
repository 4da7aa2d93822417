-- name: hosts_of
select host, port, private from transfer_hosts where operator_id = $1;

-- name: host_list
select id as cursor, transfer_host_rows.* from transfer_host_rows
where (cast($1 as text) is null or operator_id = $1) and id > coalesce(cast($2 as bigint), 0)
order by id limit $3;

-- name: host_get
select id as cursor, transfer_host_rows.* from transfer_host_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: host_add
insert into transfer_hosts (operator_id, host, port, private, created_at)
select o.id, cast($2 as text), coalesce(cast($3 as integer), 0), cast($4 as integer), cast($5 as {{time}})
from operators o where o.id = $1
returning id;

-- name: host_delete
delete from transfer_hosts where id = $1 returning id;

-- name: count_boot
insert into example_boots (charge_point_id, operator_id, boots, last_boot_at) values ($1, $2, 1, cast($3 as {{time}}))
on conflict (charge_point_id) do update set boots = example_boots.boots + 1, last_boot_at = excluded.last_boot_at
returning charge_point_id, boots;

-- The first column is the page's cursor; an operator_id of null means all of them.
-- name: boots
select charge_point_id as cursor, charge_point_id, operator_id, boots, last_boot_at
from example_boots
where (cast($1 as text) is null or operator_id = $1) and (cast($2 as text) is null or charge_point_id > $2)
order by charge_point_id limit $3;

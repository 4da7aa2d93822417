-- name: insert
insert into bulk_commands (id, operator_id, action, payload, selection, at_once, if_offline, state, requested_by,
                           created_at, deadline_at)
select cast($1 as text), o.id, cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as bigint), cast($7 as text),
       'preparing', cast($8 as text), cast($9 as {{time}}), cast($10 as {{time}})
from operators o where o.id = $2
returning id;

-- name: insert_charger
insert into bulk_command_chargers (bulk_id, charger_id, charge_point_id) values ($1, $2, $3);

-- name: begin
update bulk_commands set state = 'running' where id = $1 and state = 'preparing';

-- At start. Nobody was told of those that were not ready.
-- name: forget_unready
delete from bulk_commands where state = 'preparing';

-- Those that were claimed up to $2 and never asked.
-- name: unclaim
update bulk_command_chargers set state = 'waiting'
where bulk_id = $1 and state = 'asked' and asked_at <= cast($2 as {{time}}) and not exists (
  select 1 from commands c
  where c.charge_point_id = bulk_command_chargers.charge_point_id
    and c.requested_by = 'bulk ' || bulk_command_chargers.bulk_id);

-- name: running
select id, operator_id, action, payload, at_once, if_offline, deadline_at from bulk_commands b
where state = 'running'
   or state = 'stopped' and settled_at is null
order by id;

-- What became of the commands of bulk command $1.
-- name: settle
update bulk_command_chargers
set state = (select c.state from commands c
             where c.charge_point_id = bulk_command_chargers.charge_point_id and c.requested_by = 'bulk ' || cast($1 as text)),
    detail = (select c.error_detail from commands c
              where c.charge_point_id = bulk_command_chargers.charge_point_id and c.requested_by = 'bulk ' || cast($1 as text))
where bulk_id = $1 and state = 'asked' and exists (
  select 1 from commands c
  where c.charge_point_id = bulk_command_chargers.charge_point_id and c.requested_by = 'bulk ' || cast($1 as text)
    and c.state not in ('queued', 'sent'));

-- Its deadline has passed at $2.
-- name: expire
update bulk_command_chargers set state = 'expired', detail = 'the charger did not connect in time'
where bulk_id = $1 and state = 'waiting'
  and exists (select 1 from bulk_commands b where b.id = $1 and b.deadline_at <= cast($2 as {{time}}));

-- name: open
select (select b.state from bulk_commands b where b.id = $1) as state, count(*) as waiting_or_asked, coalesce(sum(case when state = 'asked' then 1 else 0 end), 0) as asked
from bulk_command_chargers where bulk_id = $1 and state in ('waiting', 'asked');

-- name: next
select charger_id, charge_point_id from bulk_command_chargers
where bulk_id = $1 and state = 'waiting' and charger_id > $2 order by charger_id limit $3;

-- name: claim
update bulk_command_chargers set state = 'asked', asked_at = cast($3 as {{time}})
where bulk_id = $1 and charger_id = $2 and state = 'waiting'
  and exists (select 1 from bulk_commands b where b.id = $1 and b.state = 'running')
returning charger_id;

-- $3: waiting again, or failed because of $4.
-- name: unasked
update bulk_command_chargers set state = $3, detail = $4 where bulk_id = $1 and charger_id = $2 and state in ('waiting', 'asked');

-- name: done
update bulk_commands
set state = case when state = 'running' then 'done' else state end, ended_at = coalesce(ended_at, cast($2 as {{time}})),
    settled_at = cast($2 as {{time}})
where id = $1 and state in ('running', 'stopped') and settled_at is null
returning state;

-- REST.

-- name: stop
update bulk_commands set state = 'stopped', ended_at = cast($3 as {{time}})
where id = $1 and (cast($2 as text) is null or operator_id = $2) and state = 'running'
returning id;

-- name: stop_chargers
update bulk_command_chargers set state = 'stopped' where bulk_id = $1 and state = 'waiting'
  and exists (select 1 from bulk_commands b where b.id = $1 and b.state = 'stopped');

-- name: list
select id as cursor, id, operator_id, action, payload, selection, at_once, if_offline, state, requested_by, created_at,
       deadline_at, ended_at
from bulk_commands
where (cast($1 as text) is null or operator_id = $1) and (cast($2 as text) is null or state = $2)
  and (cast($3 as text) is null or action = $3) and state <> 'preparing'
  and (cast($4 as text) is null or id < $4)
order by id desc limit $5;

-- name: get
select id, operator_id, action, payload, selection, at_once, if_offline, state, requested_by, created_at, deadline_at, ended_at
from bulk_commands where id = $1 and (cast($2 as text) is null or operator_id = $2) and state <> 'preparing';

-- name: counts
select state, count(*) as chargers from bulk_command_chargers where bulk_id = $1 group by state order by state;

-- name: chargers
select k.charger_id as cursor, k.charger_id, k.charge_point_id, k.state, k.detail
from bulk_command_chargers k join bulk_commands b on b.id = k.bulk_id
where k.bulk_id = $1 and (cast($2 as text) is null or b.operator_id = $2) and (cast($3 as text) is null or k.state = $3)
  and k.charger_id > coalesce(cast($4 as bigint), 0)
order by k.charger_id limit $5;

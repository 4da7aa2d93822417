-- A reservation's number.

-- name: number_next
insert into reservation_numbers (charger_id, last) values ($1, 1)
on conflict (charger_id) do update set last = reservation_numbers.last % 2147483647 + 1;

-- `taken`: somebody has used it who brought his own numbers.
-- name: number_read
select n.last, (select count(*) from reservations r where r.charger_id = n.charger_id and r.reservation_id = n.last) as taken
from reservation_numbers n where n.charger_id = $1;

-- Before a reservation is asked for.

-- The open one on this connector, but for the one that is to be replaced; a charger as a whole may have several.
-- name: in_the_way
select r.reservation_id from reservations r
where r.charger_id = $1 and r.connector_id = $2 and r.connector_id > 0 and r.state in ('pending', 'active')
  and r.expires_at > $3 and r.reservation_id <> coalesce(cast($4 as bigint), 0)
order by r.id limit 1;

-- What the charger has last said of its configuration where it named this key.
-- name: configuration
select response from commands
where charge_point_id = $1 and action = 'GetConfiguration' and state = 'accepted' and response like '%"' || cast($2 as text) || '"%'
order by id desc limit 1;

-- ReserveNow is stored. Of three statements one has an effect: a new number; one whose reservation is over
-- or was never answered; one that is active, which stays as it is until the charger has agreed.

-- name: reserve
insert into reservations (operator_id, charger_id, reservation_id, connector_id, id_tag, parent_id_tag, expires_at,
                          state, command_id, asked_at, after_status, after_transaction, history)
select c.operator_id, c.id, cast($2 as integer), cast($3 as integer), cast($4 as text), cast($5 as text),
       cast($6 as {{time}}), 'pending', cast($7 as text), cast($8 as {{time}}),
       coalesce((select max(id) from connector_history), 0), coalesce((select max(id) from transactions), 0),
       cast($9 as text)
from chargers c where c.charge_point_id = $1
on conflict (charger_id, reservation_id) do nothing;

-- name: reserve_over
update reservations
   set connector_id = cast($3 as integer), id_tag = $4, parent_id_tag = $5, expires_at = $6, state = 'pending', status = null,
       reason = null, command_id = $7, asked_at = $8, accepted_at = null, confirmed_at = null, ended_at = null,
       transaction_id = null, passed_over_by = 0,
       after_status = coalesce((select max(id) from connector_history), 0),
       after_transaction = coalesce((select max(id) from transactions), 0), history = history || cast($9 as text)
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state <> 'active' and command_id <> $7;

-- name: reserve_again
update reservations set command_id = $3, history = history || cast($4 as text)
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state = 'active' and command_id <> $3;

-- ReserveNow has ended.

-- name: reserved
update reservations
   set confirmed_at = case when connector_id = cast($3 as integer) then confirmed_at end,
       connector_id = cast($3 as integer), id_tag = $4, parent_id_tag = $5, expires_at = $6, state = 'active', status = null,
       reason = null, accepted_at = $7, history = history || cast($8 as text)
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state in ('pending', 'active');

-- name: not_reserved
update reservations
   set status = $4, reason = $5,
       ended_at = case when state = 'pending' then cast($6 as {{time}}) end,
       history = history || cast(case when state = 'pending' then $7 else $8 end as text),
       state = case when state = 'pending' then 'rejected' else state end
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state in ('pending', 'active') and command_id = $3;

-- Nobody knows whether the charger has it.
-- name: unanswered
update reservations set reason = case when state = 'pending' then cast($4 as text) else reason end, history = history || cast($5 as text)
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state in ('pending', 'active') and command_id = $3;

-- CancelReservation has ended. The status Available may come before the answer.

-- name: cancelled
update reservations set state = 'cancelled', reason = null, ended_at = $3, history = history || cast($4 as text)
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and (state in ('pending', 'active') or (state = 'ended' and reason = 'Available'));

-- One that the charger had never agreed to was unknown to it.
-- name: not_cancelled
update reservations
   set ended_at = case when state = 'pending' then cast($3 as {{time}}) end,
       reason = case when state = 'pending' then 'unknown to the charger' else reason end,
       history = history || cast(case when state = 'pending' then $4 else $5 end as text),
       state = case when state = 'pending' then 'cancelled' else state end
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state in ('pending', 'active');

-- name: note
update reservations set history = history || cast($3 as text)
 where charger_id = (select id from chargers where charge_point_id = $1) and reservation_id = cast($2 as integer)
   and state in ('pending', 'active');

-- Upkeep, of the chargers whose ids are from $1 to $2: of one or of all.

-- Transactions that may use a reservation: those since it was asked for that have used none. One that is over
-- (since $3) is used by who names it: a start that was made offline comes late.
-- name: uses
select t.id as started, t.connector_id, t.id_tag, t.parent_id_tag, t.reservation_id, t.token_status,
       r.id as reservation, r.reservation_id as number, r.connector_id as at, r.id_tag as for_tag,
       r.parent_id_tag as for_group, r.passed_over_by, r.state, c.charge_point_id
from reservations r
join transactions t on t.charger_id = r.charger_id and t.id > r.after_transaction and t.protocol = 'ocpp1.6'
join chargers c on c.id = r.charger_id
where r.charger_id between $1 and $2
  and (t.reservation_id = r.reservation_id
       or (r.connector_id in (0, t.connector_id)
           and (t.started_at >= r.asked_at or ' ' || t.flags || ' ' not like '% offline %')))
  and (r.state in ('pending', 'active')
       or (r.state in ('expired', 'ended') and t.reservation_id = r.reservation_id and r.ended_at >= $3))
  and not exists (select 1 from reservations u where u.transaction_id = t.id)
order by t.id, r.id limit 1000;

-- name: use
update reservations
   set state = 'used', transaction_id = $2, reason = $3, ended_at = $4, history = history || cast($5 as text)
 where id = $1 and state in ('pending', 'active', 'expired', 'ended')
   and not exists (select 1 from reservations u where u.transaction_id = $2);

-- name: passed_over
update reservations set passed_over_by = $2, history = history || cast($3 as text)
 where id = $1 and passed_over_by < $2 and state in ('pending', 'active');

-- What the connectors and the chargers of open reservations have reported since.
-- name: reports
select r.id as reservation, r.state, r.connector_id as at, r.asked_at, r.accepted_at, r.confirmed_at, r.expires_at,
       h.connector_id, h.status, h.received_at, c.charge_point_id, r.reservation_id as number
from reservations r
join connector_history h on h.charger_id = r.charger_id and h.connector_id in (0, r.connector_id) and h.id > r.after_status
join chargers c on c.id = r.charger_id
where r.charger_id between $1 and $2 and r.state in ('pending', 'active')
order by r.id, h.id limit 1000;

-- name: confirm
update reservations set confirmed_at = $2, history = history || cast($3 as text)
 where id = $1 and confirmed_at is null and state in ('pending', 'active');

-- name: end
update reservations set state = $2, reason = $3, ended_at = $4, history = history || cast($5 as text)
 where id = $1 and state = 'active';

-- name: due
select r.id from reservations r where r.state in ('pending', 'active') and r.expires_at <= $1 limit 1;

-- name: expire
update reservations set state = 'expired', ended_at = $1, history = history || cast($2 as text)
 where state in ('pending', 'active') and expires_at <= $1;

-- REST.

-- name: list
select r.id as cursor, r.reservation_id, r.operator_id, r.charger_id, c.charge_point_id, r.connector_id, r.id_tag,
       r.parent_id_tag, r.expires_at, r.state, r.status, r.reason, r.command_id, r.asked_at, r.accepted_at,
       r.confirmed_at, r.ended_at, r.transaction_id
from reservations r join chargers c on c.id = r.charger_id
where (cast($1 as text) is null or r.operator_id = $1)
  and (cast($2 as bigint) is null or r.charger_id = cast($2 as bigint))
  and (cast($3 as text) is null or r.state = $3)
  and (cast($4 as text) is null or lower(r.id_tag) = lower(cast($4 as text)))
  and (cast($5 as bigint) is null or r.id < cast($5 as bigint))
order by r.id desc limit $6;

-- name: get
select r.reservation_id, r.operator_id, r.charger_id, c.charge_point_id, r.connector_id, r.id_tag,
       r.parent_id_tag, r.expires_at, r.state, r.status, r.reason, r.command_id, r.asked_at, r.accepted_at,
       r.confirmed_at, r.ended_at, r.transaction_id, r.history
from reservations r join chargers c on c.id = r.charger_id
where r.charger_id = $1 and r.reservation_id = cast($2 as bigint);


-- Durable tasks: $1 is a task's id unless said otherwise.

-- name: task_add
insert into tasks (id, operator_id, name, payload, run_at, created_at) values ($1, $2, $3, $4, $5, $5);

-- The due ones at $1 among the names in the JSON array $2.
-- name: tasks_due @sqlite
select id, name, payload from tasks
where state = 'waiting' and run_at <= $1 and (claimed_until is null or claimed_until <= $1)
  and name in (select value from json_each($2))
order by run_at, id limit $3;

-- name: tasks_due @postgres
select id, name, payload from tasks
where state = 'waiting' and run_at <= $1 and (claimed_until is null or claimed_until <= $1)
  and name in (select json_array_elements_text(cast($2 as json)))
order by run_at, id limit cast($3 as bigint);

-- One row if it was free at $3; until $2 it is ours.
-- name: task_claim
update tasks set claimed_until = $2, tries = tries + 1
where id = $1 and state = 'waiting' and (claimed_until is null or claimed_until <= $3)
returning tries;

-- What became of the try of number $3: nothing once another has begun.
-- name: task_done
update tasks set state = 'done', ended_at = $2, claimed_until = null, error = null
where id = $1 and state = 'waiting' and tries = $3;

-- name: task_retry
update tasks set run_at = $2, claimed_until = null, error = $4 where id = $1 and state = 'waiting' and tries = $3;

-- name: task_dead
update tasks set state = 'dead', ended_at = $2, claimed_until = null, error = $4
where id = $1 and state = 'waiting' and tries = $3;

-- The node stops: as if it had not been tried.
-- name: task_put_back
update tasks set run_at = $2, claimed_until = null, tries = tries - 1
where id = $1 and state = 'waiting' and tries = $3;

-- At start. SQLite serves one node, so whoever had claims at $1 is gone; elsewhere only lapsed ones are taken away.
-- name: tasks_release @sqlite
update tasks set claimed_until = null where state = 'waiting' and claimed_until > $1;

-- name: tasks_release @postgres
update tasks set claimed_until = null where state = 'waiting' and claimed_until <= $1;

-- Done before $1. Dead ones stay until somebody has looked at them.
-- name: tasks_sweep
delete from tasks where state = 'done' and ended_at < $1;

-- The message log and commands.
-- name: message_add
insert into messages (operator_id, charge_point_id, direction, kind, action, message_id, payload,
  error_code, error_detail, latency_us, correlation_id, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: message_add_many @postgres
insert into messages (operator_id, charge_point_id, direction, kind, action, message_id, payload,
  error_code, error_detail, latency_us, correlation_id, at)
select * from unnest(cast($1 as text[]), cast($2 as text[]), cast($3 as text[]), cast($4 as text[]), cast($5 as text[]),
  cast($6 as text[]), cast($7 as text[]), cast($8 as text[]), cast($9 as text[]), cast($10 as bigint[]), cast($11 as text[]),
  cast($12 as timestamptz[]));

-- Thirty-two rows at once; PostgreSQL takes as many as there are. SQLite would keep a copy of each page that they change to undo them
-- alone; here, a statement that fails undoes its batch.
-- name: messages_add_32 @sqlite
insert or fail into messages
  (operator_id, charge_point_id, direction, kind, action, message_id, payload, error_code, error_detail, latency_us, correlation_id, at)
values
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12),
  ($13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24),
  ($25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36),
  ($37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48),
  ($49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60),
  ($61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72),
  ($73, $74, $75, $76, $77, $78, $79, $80, $81, $82, $83, $84),
  ($85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96),
  ($97, $98, $99, $100, $101, $102, $103, $104, $105, $106, $107, $108),
  ($109, $110, $111, $112, $113, $114, $115, $116, $117, $118, $119, $120),
  ($121, $122, $123, $124, $125, $126, $127, $128, $129, $130, $131, $132),
  ($133, $134, $135, $136, $137, $138, $139, $140, $141, $142, $143, $144),
  ($145, $146, $147, $148, $149, $150, $151, $152, $153, $154, $155, $156),
  ($157, $158, $159, $160, $161, $162, $163, $164, $165, $166, $167, $168),
  ($169, $170, $171, $172, $173, $174, $175, $176, $177, $178, $179, $180),
  ($181, $182, $183, $184, $185, $186, $187, $188, $189, $190, $191, $192),
  ($193, $194, $195, $196, $197, $198, $199, $200, $201, $202, $203, $204),
  ($205, $206, $207, $208, $209, $210, $211, $212, $213, $214, $215, $216),
  ($217, $218, $219, $220, $221, $222, $223, $224, $225, $226, $227, $228),
  ($229, $230, $231, $232, $233, $234, $235, $236, $237, $238, $239, $240),
  ($241, $242, $243, $244, $245, $246, $247, $248, $249, $250, $251, $252),
  ($253, $254, $255, $256, $257, $258, $259, $260, $261, $262, $263, $264),
  ($265, $266, $267, $268, $269, $270, $271, $272, $273, $274, $275, $276),
  ($277, $278, $279, $280, $281, $282, $283, $284, $285, $286, $287, $288),
  ($289, $290, $291, $292, $293, $294, $295, $296, $297, $298, $299, $300),
  ($301, $302, $303, $304, $305, $306, $307, $308, $309, $310, $311, $312),
  ($313, $314, $315, $316, $317, $318, $319, $320, $321, $322, $323, $324),
  ($325, $326, $327, $328, $329, $330, $331, $332, $333, $334, $335, $336),
  ($337, $338, $339, $340, $341, $342, $343, $344, $345, $346, $347, $348),
  ($349, $350, $351, $352, $353, $354, $355, $356, $357, $358, $359, $360),
  ($361, $362, $363, $364, $365, $366, $367, $368, $369, $370, $371, $372),
  ($373, $374, $375, $376, $377, $378, $379, $380, $381, $382, $383, $384);

-- A part of what is older than $1; again until nothing is deleted.
-- name: messages_sweep
delete from messages where id in (select id from messages where at < $1 order by at limit 5000) and at < $1;

-- name: command_add
insert into commands (id, operator_id, charge_point_id, action, payload, state, requested_by, created_at, deadline_at)
values ($1, $2, $3, $4, $5, 'queued', $6, $7, $8);

-- $4: the payload without its secrets, now that they are not needed any more; NULL if it has none.
-- name: command_sent
update commands set state = 'sent', sent_at = $2, message_id = $3, payload = coalesce(cast($4 as text), payload)
where id = $1 and state = 'queued';

-- Its answer was lost; it will be sent again.
-- name: command_again
update commands set state = 'queued', sent_at = null where id = $1 and state = 'sent';

-- name: command_end
update commands set state = $2, ended_at = $3, response = $4, error_code = $5, error_detail = $6,
  payload = coalesce(cast($7 as text), payload)
where id = $1 and state in ('queued', 'sent');

-- At start: what the last process left.
-- name: commands_open
select id, operator_id, charge_point_id, action, payload, deadline_at, state, requested_by from commands
where state in ('queued', 'sent') order by id;

-- Faults of chargers. One charger has at most 100 rows of its own; what is beyond them is counted as the rest.
-- name: fault_add
insert into charger_faults (charger_id, fault_key, operator_id, charge_point_id, kind, count, first_at, last_at,
  last_message_id, direction, action, code, path, rule)
select cast($1 as bigint), cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as bigint),
       cast($7 as {{time}}), cast($8 as {{time}}), cast($9 as text), cast($10 as text), cast($11 as text),
       cast($12 as text), cast($13 as text), cast($14 as text)
where exists (select 1 from charger_faults f where f.charger_id = cast($1 as bigint) and f.fault_key = cast($2 as text))
   or (select count(*) from charger_faults f where f.charger_id = cast($1 as bigint)) < 100
on conflict (charger_id, fault_key) do update
set count = charger_faults.count + excluded.count, last_at = excluded.last_at, last_message_id = excluded.last_message_id;

-- name: fault_add_other
insert into charger_faults (charger_id, fault_key, operator_id, charge_point_id, kind, count, first_at, last_at, last_message_id)
select cast($1 as bigint), cast($5 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as bigint),
       cast($7 as {{time}}), cast($8 as {{time}}), cast($9 as text)
where not exists (select 1 from charger_faults f where f.charger_id = cast($1 as bigint) and f.fault_key = cast($2 as text))
on conflict (charger_id, fault_key) do update
set count = charger_faults.count + excluded.count, last_at = excluded.last_at, last_message_id = excluded.last_message_id;

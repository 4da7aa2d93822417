-- Booting.

-- A boot without a member keeps what was known of it.
-- name: boot
update chargers
   set vendor = coalesce(cast($2 as text), vendor),
       model = coalesce(cast($3 as text), model),
       serial_number = coalesce(cast($4 as text), serial_number),
       box_serial_number = coalesce(cast($5 as text), box_serial_number),
       firmware_version = coalesce(cast($6 as text), firmware_version),
       iccid = coalesce(cast($7 as text), iccid),
       imsi = coalesce(cast($8 as text), imsi),
       meter_type = coalesce(cast($9 as text), meter_type),
       meter_serial_number = coalesce(cast($10 as text), meter_serial_number),
       last_boot_at = cast($11 as {{time}}),
       last_seen_at = cast($11 as {{time}})
 where id = $1
returning registration;

-- As the hook `boot` has decided.
-- name: register
update chargers set registration = cast($2 as text), updated_at = cast($3 as {{time}})
 where id = $1 and registration <> cast($2 as text);

-- Whether they go on is not known until the charger tells.
-- name: suspend_transactions
update transactions
   set state = 'pending_reconciliation', pending_at = $2
 where charger_id = $1 and state = 'active' and state <> 'completed';

-- Connectors' states.

-- Changes only: a status that is repeated, or that a charger sends again and again, is no change.
-- name: status_history
insert into connector_history (charger_id, connector_id, operator_id, status, error_code, info,
                               vendor_id, vendor_error_code, status_at, received_at)
select cast($1 as bigint), cast($2 as integer), cast($3 as text), cast($4 as text), cast($5 as text),
       cast($6 as text), cast($7 as text), cast($8 as text), cast($9 as {{time}}), cast($10 as {{time}})
 where not exists (
   select 1 from connectors c
    where c.charger_id = $1 and c.connector_id = $2
      and c.status = $4 and c.error_code = $5
      and c.info is not distinct from cast($6 as text)
      and c.vendor_id is not distinct from cast($7 as text)
      and c.vendor_error_code is not distinct from cast($8 as text));

-- name: status
insert into connectors (charger_id, connector_id, operator_id, status, error_code, info, vendor_id,
                        vendor_error_code, status_at, received_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (charger_id, connector_id) do update
   set status = excluded.status, error_code = excluded.error_code, info = excluded.info,
       vendor_id = excluded.vendor_id, vendor_error_code = excluded.vendor_error_code,
       status_at = excluded.status_at, received_at = excluded.received_at;

-- `highest_wh` is looked up only where the last reading is below the start, and so proves nothing.
-- name: transactions_on_connector
select t.*,
       case when t.meter_last_wh < t.meter_start_wh
            then (select max(v.energy_wh) from meter_values v where v.transaction_id = t.id) end as highest_wh
  from transactions t
 where t.charger_id = $1 and t.connector_id = $2 and t.state <> 'completed'
 order by t.id;

-- name: suspend_transaction
update transactions
   set state = 'pending_reconciliation', pending_at = $2
 where id = $1 and state = 'active';

-- The newest of them goes on, if none is known to run.
-- name: resume_on_connector
update transactions
   set state = 'active'
 where id = (select t.id from transactions t
              where t.charger_id = $1 and t.connector_id = $2 and t.state <> 'completed'
              order by t.state, t.started_at desc, t.id desc limit 1)
   and state = 'pending_reconciliation' and pending_at <= $3;

-- Starting.

-- The same start if it is stored already, and what is still open on its connector.
-- name: transactions_for_start
select t.*,
       case when t.meter_last_wh < t.meter_start_wh
            then (select max(v.energy_wh) from meter_values v where v.transaction_id = t.id) end as highest_wh
  from transactions t
 where t.id in (select a.id from transactions a where a.charger_id = $1 and a.start_key = $2
                 union
                select b.id from transactions b
                 where b.charger_id = $1 and b.connector_id = $3 and b.state <> 'completed')
 order by t.id;

-- The newest with this key, or with it and a number behind: a charger whose clock starts anew at
-- every boot may well begin two sessions with the same key.
-- name: twin_without_clock
select t.* from transactions t
 where t.charger_id = $1
   and (t.start_key = $2 or substr(t.start_key, 1, length(cast($2 as text)) + 1) = cast($2 as text) || '#')
 order by t.id desc limit 1;

-- Whoever starts a transaction of this token or group waits until those before are stored, and counted.
-- name: count_alone @postgres
select 1 from (select pg_advisory_xact_lock(hashtextextended(cast($1 as text) || ' ' || lower(cast($2 as text)), 0))) as l;

-- One writer: it is alone.
-- name: count_alone @sqlite
select 1 where cast($1 as text) = cast($2 as text);

-- Of its token's or its group's transactions there may be so many at once ($17, $18; 0: no limit), this one included: counted
-- here, where no other start is on its way. What the connector itself runs does not count, nor what began after $19, nor
-- what was told late and after $20, because its end may be told next.
-- name: start_transaction
insert into transactions (operator_id, charger_id, connector_id, protocol, id_tag, parent_id_tag, user_id,
                          token_status, token_expires_at, reservation_id, state, pending_at, flags,
                          meter_start_wh, started_at, received_at, start_key)
select cast($1 as text), cast($2 as bigint), cast($3 as integer), 'ocpp1.6', cast($4 as text), cast($5 as text), cast($6 as text),
       case when cast($7 as text) <> 'Accepted' then cast($7 as text)
            when cast($17 as bigint) > 0
                 and (select count(*) from counting_transactions c
                       where c.operator_id = $1 and c.id_tag_key = lower(cast($4 as text))
                         and not (c.charger_id = $2 and c.connector_id = $3) and c.started_at <= cast($19 as {{time}})
                         and (c.flags not like '%offline%' or c.received_at <= cast($20 as {{time}}))) >= cast($17 as bigint)
            then 'ConcurrentTx'
            when cast($18 as bigint) > 0
                 and (select count(*) from counting_transactions c
                       where c.operator_id = $1 and c.group_key = lower(cast($5 as text))
                         and not (c.charger_id = $2 and c.connector_id = $3) and c.started_at <= cast($19 as {{time}})
                         and (c.flags not like '%offline%' or c.received_at <= cast($20 as {{time}}))) >= cast($18 as bigint)
            then 'ConcurrentTx'
            else cast($7 as text) end,
       cast($8 as {{time}}), cast($9 as integer), cast($10 as text), cast($11 as {{time}}), cast($12 as text),
       cast($13 as bigint), cast($14 as {{time}}), cast($15 as {{time}}), cast($16 as text)
 where true
on conflict (charger_id, start_key) do nothing;

-- The protocol id is the internal one, kept within 31 bits.
-- name: number_transaction
update transactions
   set protocol_id = coalesce(protocol_id, cast((id - 1) % 2147483647 + 1 as text))
 where charger_id = $1 and start_key = $2
returning *;

-- Stopping.

-- By its protocol id, by the stop itself if it was stored before, all that are open, and those whose
-- end was estimated after the time of this stop.
-- name: transactions_for_stop
select t.*,
       case when $5 < t.meter_start_wh
            then (select max(v.energy_wh) from meter_values v where v.transaction_id = t.id) end as highest_wh
  from transactions t
 where t.id in (select a.id from transactions a
                 where a.charger_id = $1 and a.protocol = 'ocpp1.6' and a.protocol_id = $2
                 union
                select b.id from transactions b where b.charger_id = $1 and b.start_key = $3
                 union
                select c.id from transactions c where c.charger_id = $1 and c.stop_key = $3
                 union
                select d.id from transactions d
                 where d.charger_id = $1 and d.state <> 'completed'
                 union
                select e.id from transactions e
                 where e.charger_id = $1 and e.estimated = 1 and e.ended_at >= $4)
 order by t.id;

-- An estimate never replaces an end; the charger's own stop replaces an estimate.
-- name: end_transaction
update transactions
   set state = 'completed', meter_start_wh = $2, meter_stop_wh = $3, energy_wh = $4, started_at = $5,
       stopped_at = $6, ended_at = $7, stop_reason = $8, stop_id_tag = $9, stop_key = $10, flags = $11,
       estimated = $12, note = coalesce(cast($13 as text), note), price_state = 'none'
 where id = $1 and (state <> 'completed' or (estimated = 1 and $12 = 0));

-- name: flag_transaction
update transactions set flags = $2 where id = $1;

-- A stop that nothing is known of: a transaction of its own, ended by the same stop next.
-- name: unknown_transaction
insert into transactions (operator_id, charger_id, connector_id, protocol, id_tag, parent_id_tag, user_id,
                          token_status, state, pending_at, flags, meter_start_wh, started_at, received_at,
                          start_key)
values ($1, $2, 0, 'ocpp1.6', $3, $4, $5, $6, 'pending_reconciliation', $7, 'unknown_start', $8, $9, $7, $10)
on conflict (charger_id, start_key) do nothing;

-- Meter values. The last but one parameter is 1 where the time is not the charger's own: then it differs
-- at a repetition, and the unique key cannot see it.

-- name: transaction_sample
insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source,
                          energy_wh, power_w, current_ma, voltage_mv, soc_percent, sample, sample_key, own_clock)
select cast($1 as text), cast($2 as bigint), cast($3 as integer), cast($4 as bigint), cast($5 as {{time}}),
       cast($6 as {{time}}), 'transaction_data', cast($7 as bigint), cast($8 as bigint), cast($9 as bigint),
       cast($10 as bigint), cast($11 as integer), cast($12 as text), cast($14 as text), 1 - cast($13 as integer)
 where cast($13 as integer) = 0
    or not exists (select 1 from meter_values m where m.charger_id = $2 and m.sample_key = $14 and m.own_clock = 0)
on conflict (sampled_at, charger_id, sample_key) do nothing;

-- The transaction is the one that the charger names, if it is one of this charger's on this connector
-- (or named for the main meter, connector 0) and was not over by then; else the one open on the connector.
-- A suspended one is meant by a sample without its name only if that was taken before.
-- name: meter_sample
insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source,
                          energy_wh, power_w, current_ma, voltage_mv, soc_percent, sample, sample_key, own_clock)
values ($1, $2, $3,
       coalesce(
         (select t.id from transactions t
           where t.charger_id = $2 and t.protocol = 'ocpp1.6' and t.protocol_id = cast($4 as text)
             and (t.connector_id = $3 or $3 = 0)
             and (t.state <> 'completed' or t.estimated = 1 or t.stopped_at >= $5)),
         (select t.id from transactions t
           where t.charger_id = $2 and t.connector_id = $3 and $3 > 0 and t.state <> 'completed'
             and (t.started_at <= $5 or t.received_at <= $5)
             and (t.state = 'active' or t.pending_at >= $5)
           order by t.state, t.started_at desc, t.id desc limit 1)),
       $5, $6, 'meter_values', $7, $8, $9, $10, $11, $12, $14, 1 - $13)
on conflict (sampled_at, charger_id, sample_key) do nothing;

-- name: meter_sample_many @postgres
insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source,
                          energy_wh, power_w, current_ma, voltage_mv, soc_percent, sample, sample_key, own_clock)
select s.operator_id, s.charger_id, s.connector_id,
       coalesce(
         (select t.id from transactions t
           where t.charger_id = s.charger_id and t.protocol = 'ocpp1.6' and t.protocol_id = s.named
             and (t.connector_id = s.connector_id or s.connector_id = 0)
             and (t.state <> 'completed' or t.estimated = 1 or t.stopped_at >= s.sampled_at)),
         (select t.id from transactions t
           where t.charger_id = s.charger_id and t.connector_id = s.connector_id and s.connector_id > 0 and t.state <> 'completed'
             and (t.started_at <= s.sampled_at or t.received_at <= s.sampled_at)
             and (t.state = 'active' or t.pending_at >= s.sampled_at)
           order by t.state, t.started_at desc, t.id desc limit 1)),
       s.sampled_at, s.received_at, 'meter_values', s.energy_wh, s.power_w, s.current_ma, s.voltage_mv, s.soc_percent, s.sample,
       s.sample_key, 1 - s.without_clock
  from unnest(cast($1 as text[]), cast($2 as bigint[]), cast($3 as integer[]), cast($4 as text[]), cast($5 as timestamptz[]),
              cast($6 as timestamptz[]), cast($7 as bigint[]), cast($8 as bigint[]), cast($9 as bigint[]), cast($10 as bigint[]),
              cast($11 as integer[]), cast($12 as text[]), cast($13 as integer[]), cast($14 as text[]))
       as s (operator_id, charger_id, connector_id, named, sampled_at, received_at, energy_wh, power_w, current_ma, voltage_mv,
             soc_percent, sample, without_clock, sample_key)
on conflict (sampled_at, charger_id, sample_key) do nothing;

-- The same where the time is not the charger's own: it differs at a repetition, and the unique key cannot see that.
-- Apart, because a statement that reads the table that it inserts into costs twice as much.
-- name: meter_sample_without_clock
insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source,
                          energy_wh, power_w, current_ma, voltage_mv, soc_percent, sample, sample_key, own_clock)
select cast($1 as text), cast($2 as bigint), cast($3 as integer),
       coalesce(
         (select t.id from transactions t
           where t.charger_id = $2 and t.protocol = 'ocpp1.6' and t.protocol_id = cast($4 as text)
             and (t.connector_id = $3 or $3 = 0)
             and (t.state <> 'completed' or t.estimated = 1 or t.stopped_at >= cast($5 as {{time}}))),
         (select t.id from transactions t
           where t.charger_id = $2 and t.connector_id = $3 and $3 > 0 and t.state <> 'completed'
             and (t.started_at <= cast($5 as {{time}}) or t.received_at <= cast($5 as {{time}}))
             and (t.state = 'active' or t.pending_at >= cast($5 as {{time}}))
           order by t.state, t.started_at desc, t.id desc limit 1)),
       cast($5 as {{time}}), cast($6 as {{time}}), 'meter_values', cast($7 as bigint), cast($8 as bigint),
       cast($9 as bigint), cast($10 as bigint), cast($11 as integer), cast($12 as text), cast($14 as text), 1 - cast($13 as integer)
 where not exists (select 1 from meter_values m where m.charger_id = $2 and m.sample_key = $14 and m.own_clock = 0)
on conflict (sampled_at, charger_id, sample_key) do nothing;

-- The reading of the sample with this key, on its transaction. It leaves the state alone: SQLite writes every index that
-- has a column that is set, whether its value is another one or not.
-- name: meter_reading
update transactions
   set meter_last_wh = $5, meter_last_at = $4,
       meter_start_wh = case when meter_start_wh < 0 then $5 else meter_start_wh end
 where id = (select m.transaction_id from meter_values m
              where m.charger_id = $1 and m.sample_key = $3 and m.sampled_at = $4)
   and connector_id = $2 and state <> 'completed'
   and (meter_last_at is null or meter_last_at <= $4)
   and (state = 'active' or pending_at >= $4);

-- Of several readings of one transaction the newest.
-- name: meter_reading_many @postgres
update transactions t
   set meter_last_wh = r.energy_wh, meter_last_at = r.sampled_at,
       meter_start_wh = case when t.meter_start_wh < 0 then r.energy_wh else t.meter_start_wh end
  from (select distinct on (s.transaction_id) s.*
          from (select v.*, (select m.transaction_id from meter_values m
                              where m.charger_id = v.charger_id and m.sample_key = v.sample_key
                                and m.sampled_at = v.sampled_at) as transaction_id
                  from unnest(cast($1 as bigint[]), cast($2 as integer[]), cast($3 as text[]), cast($4 as timestamptz[]),
                              cast($5 as bigint[])) with ordinality
                       as v (charger_id, connector_id, sample_key, sampled_at, energy_wh, number)) s
         order by s.transaction_id, s.sampled_at desc) r
 where t.id = r.transaction_id and t.connector_id = r.connector_id and t.state <> 'completed'
   and (t.meter_last_at is null or t.meter_last_at <= r.sampled_at)
   and (t.state = 'active' or t.pending_at >= r.sampled_at)
returning r.number;

-- What the charger has named and no reading was stored on: a suspended transaction whose register moves on under its own
-- name is running.
-- name: meter_resumes
update transactions
   set state = 'active', meter_last_wh = $5, meter_last_at = $4,
       meter_start_wh = case when meter_start_wh < 0 then $5 else meter_start_wh end
 where id = (select m.transaction_id from meter_values m
              where m.charger_id = $1 and m.sample_key = $3 and m.sampled_at = $4)
   and connector_id = $2 and state = 'pending_reconciliation' and pending_at < $4
   and (meter_last_at is null or meter_last_at <= $4)
   and protocol_id = $6 and $5 > coalesce(meter_last_wh, meter_start_wh);

-- Reconciliation.

-- name: overdue_transactions
select t.*, c.charge_point_id,
       case when t.meter_last_wh < t.meter_start_wh
            then (select max(v.energy_wh) from meter_values v where v.transaction_id = t.id) end as highest_wh
  from transactions t join chargers c on c.id = t.charger_id
 where t.state = 'pending_reconciliation' and t.pending_at <= $1 and t.protocol = 'ocpp1.6'
 order by t.pending_at limit 100;

-- REST.

-- name: running_transaction
select t.* from transactions t where t.id = $2 and t.charger_id = $1 and t.protocol = 'ocpp1.6';

-- name: running_on_connector
select t.* from transactions t
 where t.charger_id = $1 and t.connector_id = $2 and t.state <> 'completed'
 order by t.state, t.started_at desc, t.id desc limit 1;

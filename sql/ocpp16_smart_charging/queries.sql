-- Commands. $1 is the charge point's identity.

-- name: add_profile
insert into charging_profiles (operator_id, charger_id, connector_id, command_id, charging_profile_id, purpose, stack_level,
                               kind, recurrency, valid_from, valid_to, id_tag, profile, requested_by, created_at)
select c.operator_id, c.id, cast($2 as integer), cast($3 as text), cast($4 as bigint), cast($5 as text),
       cast($6 as bigint), cast($7 as text), cast($8 as text), cast($9 as {{time}}), cast($10 as {{time}}),
       cast($11 as text), cast($12 as text), cast($13 as text), cast($14 as {{time}})
  from chargers c where c.charge_point_id = $1
on conflict (command_id) do nothing;

-- A remote start's profile is for the transaction that it has started: the first one after it was sent, by that
-- token and on that connector, if it names one.
-- name: settle_started
update charging_profiles
   set transaction_id =
         (select t.id from transactions t
           where t.charger_id = charging_profiles.charger_id and lower(t.id_tag) = lower(charging_profiles.id_tag)
             and t.connector_id = coalesce(charging_profiles.connector_id, t.connector_id)
             and t.received_at >= (select c.sent_at from commands c where c.id = charging_profiles.command_id)
           order by t.id limit 1)
 where charger_id = (select c.id from chargers c where c.charge_point_id = $1)
   and state = 'active' and transaction_id is null and id_tag is not null;

-- name: settle_connector
update charging_profiles
   set connector_id = (select t.connector_id from transactions t where t.id = charging_profiles.transaction_id)
 where charger_id = (select c.id from chargers c where c.charge_point_id = $1)
   and state = 'active' and transaction_id is not null and connector_id is null;

-- What is over at $2; a remote start that was accepted before $3 has started nothing.
-- name: settle_ended
update charging_profiles
   set state = 'ended',
       ended_at = case when valid_to <= cast($2 as {{time}}) then valid_to
                  else coalesce((select t.stopped_at from transactions t
                                  where t.id = charging_profiles.transaction_id and t.state = 'completed'),
                                cast($2 as {{time}})) end
 where charger_id = (select c.id from chargers c where c.charge_point_id = $1)
   and state = 'active'
   and (valid_to <= cast($2 as {{time}})
        or (purpose = 'TxProfile' and transaction_id is null and (id_tag is null or decided_at < cast($3 as {{time}})))
        or exists (select 1 from transactions t where t.id = charging_profiles.transaction_id and t.state = 'completed'));

-- What an accepted profile takes the place of.
-- name: replace_profiles
update charging_profiles
   set state = 'replaced', ended_at = cast($3 as {{time}})
 where charger_id = (select c.id from chargers c where c.charge_point_id = $1)
   and state = 'active' and command_id <> $2
   and (charging_profile_id = $4
        or (purpose = $5 and stack_level = $6 and connector_id is not distinct from cast($7 as integer)));

-- $3: OCPP's transactionId if the profile names one.
-- name: activate_profile
update charging_profiles
   set state = 'active', decided_at = $2,
       transaction_id =
         case when purpose = 'TxProfile' and id_tag is null then
           (select t.id from transactions t
             where t.charger_id = charging_profiles.charger_id and t.protocol = 'ocpp1.6'
               and t.connector_id = charging_profiles.connector_id
               and (t.protocol_id = cast($3 as text) or (cast($3 as text) is null and t.state <> 'completed'))
             order by t.state, t.started_at desc, t.id desc limit 1) end
 where command_id = $1 and state = 'pending';

-- name: refuse_profile
update charging_profiles
   set state = $3, decided_at = $2, ended_at = $2
 where command_id = $1 and state = 'pending';

-- By its id, or else by what is given.
-- name: clear_profiles
update charging_profiles
   set state = 'cleared', ended_at = $2
 where charger_id = (select c.id from chargers c where c.charge_point_id = $1)
   and state = 'active'
   and case when cast($3 as bigint) is not null then charging_profile_id = cast($3 as bigint)
       else (cast($4 as integer) is null or connector_id = cast($4 as integer))
        and (cast($5 as text) is null or purpose = cast($5 as text))
        and (cast($6 as bigint) is null or stack_level = cast($6 as bigint)) end;

-- name: keep_key
insert into charging_keys (charger_id, operator_id, name, value, reported_at)
select c.id, c.operator_id, cast($2 as text), cast($3 as text), cast($4 as {{time}})
  from chargers c where c.charge_point_id = $1
on conflict (charger_id, name) do update set value = excluded.value, reported_at = excluded.reported_at;

-- name: forget_key
delete from charging_keys
 where charger_id = (select c.id from chargers c where c.charge_point_id = $1) and name = $2;

-- REST.

-- Higher than every id in use, and than every one that was chosen before.
-- name: next_id
insert into charging_profile_ids (charger_id, last_id)
select cast($1 as bigint), 1 + coalesce(max(p.charging_profile_id), 0) from charging_profiles p
 where p.charger_id = $1 and p.state in ('pending', 'active') and p.charging_profile_id < 2000000000
on conflict (charger_id) do update
   set last_id = case when excluded.last_id > charging_profile_ids.last_id then excluded.last_id
                      else charging_profile_ids.last_id + 1 end
returning last_id;

-- What a profile is judged by. By id or by identity, within the operator $3; $4 connector, $5 OCPP's transactionId,
-- $6 chargingProfileId, $7 purpose, $8 stack level.
-- name: limits
select (select k.value from charging_keys k where k.charger_id = c.id and k.name = 'ChargeProfileMaxStackLevel')
         as max_stack_level,
       (select k.value from charging_keys k where k.charger_id = c.id and k.name = 'ChargingScheduleMaxPeriods')
         as max_periods,
       (select k.value from charging_keys k where k.charger_id = c.id and k.name = 'MaxChargingProfilesInstalled')
         as max_installed,
       (select k.value from charging_keys k
         where k.charger_id = c.id and k.name = 'ChargingScheduleAllowedChargingRateUnit') as units,
       (select count(*) from charging_profiles p
         where p.charger_id = c.id and p.state = 'active' and p.charging_profile_id <> cast($6 as bigint)
           and not (p.purpose = cast($7 as text) and p.stack_level = cast($8 as bigint)
                    and coalesce(p.connector_id, -1) = cast($4 as integer))) as installed,
       (select t.protocol_id from transactions t
         where t.charger_id = c.id and t.connector_id = cast($4 as integer) and t.state <> 'completed'
           and t.protocol = 'ocpp1.6' and t.protocol_id = coalesce(cast($5 as text), t.protocol_id)
         order by t.state, t.started_at desc, t.id desc limit 1) as transaction_id
  from chargers c
 where (c.id = cast($1 as bigint) or c.charge_point_id = cast($2 as text))
   and (cast($3 as text) is null or c.operator_id = $3);

-- name: profile_list
select p.id as cursor, p.id, p.charging_profile_id, p.connector_id, p.purpose, p.stack_level, p.kind, p.recurrency,
       p.valid_from, p.valid_to, p.transaction_id, p.id_tag, p.state, p.command_id, p.requested_by, p.created_at,
       p.decided_at, p.ended_at, p.profile
  from charging_profiles p
 where p.charger_id = $1
   and (cast($2 as text) is null or p.state = $2)
   and (cast($3 as text) is null or p.purpose = $3)
   and (cast($4 as bigint) is null or p.connector_id = cast($4 as bigint))
   and (cast($5 as bigint) is null or p.charging_profile_id = cast($5 as bigint))
   and p.id > coalesce(cast($6 as bigint), 0)
 order by p.id limit $7;

-- name: profile_in_force
select p.id from charging_profiles p
 where p.charger_id = $1 and p.charging_profile_id = $2 and p.state in ('pending', 'active') limit 1;

-- All that a composite schedule for connector $2 is made of: what is in force, and the transaction there.
-- name: in_force
select p.connector_id, p.transaction_id, p.decided_at, p.profile, r.id as running_id, r.started_at as running_since
  from charging_profiles p
  left join transactions r
    on r.id = (select t.id from transactions t
                where t.charger_id = $1 and t.connector_id = cast($2 as integer) and t.state <> 'completed'
                order by t.state, t.started_at desc, t.id desc limit 1)
 where p.charger_id = $1 and p.state = 'active'
 order by p.id;

-- name: key_list
select k.name as cursor, k.name, k.value, k.reported_at from charging_keys k
 where k.charger_id = $1 and k.name > coalesce(cast($2 as text), '') order by k.name limit $3;

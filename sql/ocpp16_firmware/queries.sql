-- Jobs. Those statements that change how a job stands return it, so that its end can be told.

-- In the unit that stores the command $4, for the charger of that identity.
-- name: job_add
insert into charger_jobs (id, operator_id, charger_id, kind, command_id, campaign_id, state, file_id, location,
                          expected_version, request, requested_by, requested_at, deadline_at, updated_at)
select cast($1 as text), c.operator_id, c.id, cast($3 as text), cast($4 as text), cast($5 as bigint), 'requested',
       cast($6 as bigint), cast($7 as text), cast($8 as text), cast($9 as text), cast($10 as text),
       cast($11 as {{time}}), cast($12 as {{time}}), cast($11 as {{time}})
from chargers c where c.charge_point_id = $2;

-- The charger has answered. What it reported before its answer stands.
-- name: job_answered
update charger_jobs
   set state = case when state in ('requested', 'unanswered') then cast($2 as text) else state end,
       ended_at = case when state in ('requested', 'unanswered') then cast($3 as {{time}}) else ended_at end,
       file_name = coalesce(cast($4 as text), file_name),
       deadline_at = case when deadline_at < cast($6 as {{time}}) then cast($6 as {{time}}) else deadline_at end,
       updated_at = cast($5 as {{time}})
 where command_id = $1
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- A charger works on one job of a kind: the one that it accepted last.
-- name: jobs_supersede
update charger_jobs
   set state = 'superseded', ended_at = $2, updated_at = $2
 where ended_at is null and state <> 'requested' and exists (
   select 1 from charger_jobs n
    where n.command_id = $1 and n.charger_id = charger_jobs.charger_id and n.kind = charger_jobs.kind
      and n.id > charger_jobs.id)
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- It has ended without an answer to its question. One that was sent becomes $2: failed if the charger refused, else
-- unanswered, since it may be at work on it all the same.
-- name: job_unanswered
update charger_jobs
   set state = case when exists (select 1 from commands c where c.id = $1 and c.sent_at is not null)
                    then cast($2 as text) else 'not_sent' end,
       ended_at = case when cast($2 as text) = 'unanswered'
                        and exists (select 1 from commands c where c.id = $1 and c.sent_at is not null)
                       then null else cast($4 as {{time}}) end,
       reason = cast($3 as text), updated_at = cast($4 as {{time}})
 where command_id = $1 and state = 'requested'
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- A status of charger $2, of its current job or of one that ended after $7; else unsolicited. Not if it is what was
-- reported last. $8: only if there is such a job.
-- name: status_add
insert into charger_job_statuses (operator_id, charger_id, kind, job_id, status, detail, received_at)
select cast($1 as text), cast($2 as bigint), cast($3 as text), j.id, cast($4 as text), cast($5 as text),
       cast($6 as {{time}})
  from (select (select q.id from charger_job_candidates q
                 where q.charger_id = $2 and q.kind = $3
                   and (q.ended_at is null or q.ended_at > cast($7 as {{time}}))
                 order by q.age, q.id desc limit 1) as id) j
 where (cast($8 as bigint) = 0 or j.id is not null)
   and not exists (
   select 1 from charger_job_statuses s
    where s.id = (select max(p.id) from charger_job_statuses p
                   where p.charger_id = $2 and p.kind = $3 and p.job_id is not distinct from j.id
                     and (p.status = 'Booted') = (cast($4 as text) = 'Booted'))
      and s.status = $4 and s.detail is not distinct from cast($5 as text));

-- The same job becomes $3 if it is in one of the states $5, which are between bars. One that had ended has until $8.
-- name: job_move
update charger_jobs
   set state = $3, reason = null, updated_at = cast($6 as {{time}}),
       deadline_at = case when ended_at is null then deadline_at else cast($8 as {{time}}) end,
       ended_at = cast($4 as {{time}})
 where cast($5 as text) like '%|' || state || '|%'
   and id = (select q.id from charger_job_candidates q
              where q.charger_id = $1 and q.kind = $2
                and (q.ended_at is null or q.ended_at > cast($7 as {{time}}))
              order by q.age, q.id desc limit 1)
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- A boot with the version that was to be installed proves that it was. $1: of that charger, or null.
-- name: jobs_booted
update charger_jobs
   set state = 'installed', ended_at = $2, updated_at = $2
 where kind = 'firmware' and ended_at is null and state <> 'requested'
   and (cast($1 as bigint) is null or charger_id = $1)
   and exists (select 1 from chargers c
                where c.id = charger_jobs.charger_id and c.firmware_version = charger_jobs.expected_version
                  and c.last_boot_at > charger_jobs.requested_at)
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- The newest file that came by a job's URL. $1: of that job, or null for all that changed after $3.
-- name: jobs_uploaded
update charger_jobs
   set state = 'uploaded', ended_at = coalesce(ended_at, cast($2 as {{time}})), reason = null,
       updated_at = cast($2 as {{time}}),
       upload_id = (select max(f.id) from stored_files f where f.ref = charger_jobs.id)
 where kind = 'diagnostics' and (cast($1 as text) is null or id = $1)
   and (cast($1 as text) is not null or updated_at > cast($3 as {{time}}))
   and exists (select 1 from stored_files f
                where f.ref = charger_jobs.id and f.id > coalesce(charger_jobs.upload_id, 0))
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- name: jobs_overdue
update charger_jobs
   set state = 'timed_out', ended_at = $1, updated_at = $1
 where ended_at is null and state <> 'requested' and deadline_at <= $1
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- Only one of ours: what another server has, the charger goes on fetching.
-- name: job_cancel
update charger_jobs
   set state = 'cancelled', ended_at = $2, updated_at = $2
 where id = $1 and ended_at is null and location is null
returning id, kind, state, ended_at, charger_id, operator_id, campaign_id, expected_version, coalesce(file_id, upload_id) as file_id,
  (select c.charge_point_id from chargers c where c.id = charger_jobs.charger_id) as charge_point_id;

-- What REST shows.

-- $3: by its id, or by its identity ($4).
-- name: job_list
select id as cursor, charger_job_rows.* from charger_job_rows
where (cast($1 as text) is null or operator_id = $1) and kind = $2
  and (cast($3 as bigint) is null or charger_id = cast($3 as bigint))
  and (cast($4 as text) is null or charge_point_id = $4)
  and (cast($5 as text) is null or state = $5)
  and (cast($6 as bigint) is null or campaign_id = cast($6 as bigint))
  and (cast($7 as text) is null or command_id = $7)
  and (cast($8 as {{time}}) is null or requested_at >= cast($8 as {{time}}))
  and (cast($9 as {{time}}) is null or requested_at < cast($9 as {{time}}))
  and (cast($10 as text) is null or id < $10)
order by id desc limit $11;

-- name: job_get
select id as cursor, charger_job_rows.* from charger_job_rows
where id = $1 and kind = $2 and (cast($3 as text) is null or operator_id = $3);

-- name: job_statuses
select status, detail, received_at from charger_job_statuses where job_id = $1 order by id limit 1000;

-- name: status_list
select id as cursor, kind, job_id, status, detail, received_at from charger_job_statuses
where (cast($1 as text) is null or operator_id = $1) and charger_id = cast($2 as bigint)
  and (cast($3 as text) is null or kind = $3)
  and (cast($4 as bigint) is null or id < cast($4 as bigint))
order by id desc limit $5;

-- Campaigns.

-- name: campaign_add
insert into firmware_campaigns (operator_id, name, selection, file_id, file_name, location, expected_version,
                                from_at, until_at, at_once, max_failure_percent, min_samples, retries, retry_interval_s, state,
                                selected_to, requested_by, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as bigint), cast($16 as text), cast($5 as text), cast($6 as text),
       cast($7 as {{time}}), cast($8 as {{time}}), cast($9 as bigint), cast($10 as bigint), cast($11 as bigint),
       cast($12 as bigint), cast($13 as bigint), 'running', 0, cast($14 as text), cast($15 as {{time}}),
       cast($15 as {{time}})
from operators o where o.id = $1
returning id;

-- name: campaign_list
select k.id as cursor, k.id, k.operator_id, k.name, k.state, k.reason, k.file_id, k.location, k.expected_version,
       k.from_at, k.until_at, k.at_once, k.max_failure_percent, k.min_samples, k.retries, k.retry_interval_s,
       k.requested_by, k.created_at, k.updated_at, k.ended_at, k.selection,
       coalesce(n.total, 0) as total, coalesce(n.waiting, 0) as waiting, coalesce(n.running, 0) as running,
       coalesce(n.installed, 0) as installed, coalesce(n.failed, 0) as failed, coalesce(n.skipped, 0) as skipped,
       coalesce(n.missed, 0) as missed
from firmware_campaigns k left join firmware_campaign_counts n on n.campaign_id = k.id
where (cast($1 as text) is null or k.operator_id = $1)
  and (cast($2 as text) is null or k.state = $2)
  and (cast($3 as bigint) is null or k.id = cast($3 as bigint))
  and (cast($4 as bigint) is null or k.id < cast($4 as bigint))
order by k.id desc limit $5;

-- name: target_list
select charger_id as cursor, charger_id, charge_point_id, firmware_version, state, job_id, job_state, reason
from firmware_target_rows
where (cast($1 as text) is null or operator_id = $1) and campaign_id = cast($2 as bigint)
  and (cast($3 as text) is null or state = $3)
  and (cast($4 as bigint) is null or charger_id > cast($4 as bigint))
order by charger_id limit $5;

-- From one of the states $4, which are between bars, to $2.
-- name: campaign_move
update firmware_campaigns
   set state = $2, reason = cast($3 as text), updated_at = cast($5 as {{time}}), ended_at = cast($6 as {{time}})
 where id = $1 and cast($4 as text) like '%|' || state || '|%'
returning id, operator_id, name, state, reason;

-- The next that has not ended, with whether its window is open at $2.
-- name: campaign_next
select id, operator_id, selection, file_id, file_name, location, expected_version, retries, retry_interval_s, selected_to,
       case when state = 'running' and (from_at is null or from_at <= $2) and (until_at is null or until_at > $2)
            then 1 else 0 end as open
from firmware_campaigns
where ended_at is null and id > $1
order by id limit 1;

-- name: target_add
insert into firmware_targets (campaign_id, charger_id, operator_id, state)
select cast($1 as bigint), c.id, c.operator_id,
       case when c.firmware_version = cast($3 as text) then 'skipped' else 'waiting' end
from chargers c where c.id = $2
on conflict do nothing;

-- name: campaign_selected
update firmware_campaigns set selected_to = cast($2 as bigint), updated_at = $3 where id = $1 and selected_to is not null;

-- Claims that came to nothing: before $2 without a job, or with one that never reached the charger.
-- name: targets_release
update firmware_targets
   set state = 'waiting', job_id = null, claimed_at = null
 where campaign_id = $1 and state = 'claimed'
   and (exists (select 1 from charger_jobs j where j.id = firmware_targets.job_id and j.state = 'not_sent')
        or (claimed_at <= $2 and not exists (select 1 from charger_jobs j where j.id = firmware_targets.job_id)));

-- Those that have the version meanwhile.
-- name: targets_skip
update firmware_targets set state = 'skipped'
 where campaign_id = $1 and state = 'waiting' and exists (
   select 1 from chargers c join firmware_campaigns k on c.firmware_version = k.expected_version
    where c.id = firmware_targets.charger_id and k.id = $1);

-- name: campaign_stop_failing
update firmware_campaigns
   set state = 'stopped', reason = 'failure_rate', updated_at = $2, ended_at = $2
 where id = $1 and ended_at is null and max_failure_percent is not null and exists (
   select 1 from firmware_campaign_counts n
    where n.campaign_id = $1 and n.installed + n.failed >= firmware_campaigns.min_samples
      and n.failed * 100 > firmware_campaigns.max_failure_percent * (n.installed + n.failed))
returning id, operator_id, name, state, reason;

-- name: campaign_close
update firmware_campaigns
   set state = 'finished', reason = 'window', updated_at = $2, ended_at = $2
 where id = $1 and ended_at is null and until_at <= $2
returning id, operator_id, name, state, reason;

-- name: campaign_finish
update firmware_campaigns
   set state = 'finished', reason = 'done', updated_at = $2, ended_at = $2
 where id = $1 and ended_at is null and selected_to is null and not exists (
   select 1 from firmware_target_rows r
    where r.campaign_id = $1 and r.state in ('waiting', 'running'))
returning id, operator_id, name, state, reason;

-- How many more may begin.
-- name: campaign_free
select k.at_once - coalesce(n.running, 0) as free
from firmware_campaigns k left join firmware_campaign_counts n on n.campaign_id = k.id
where k.id = $1;

-- name: targets_waiting
select t.charger_id, c.charge_point_id, c.operator_id
from firmware_targets t join chargers c on c.id = t.charger_id
where t.campaign_id = $1 and t.state = 'waiting' and t.charger_id > $2
order by t.charger_id limit 200;

-- Claims are made one after the other, on every node: this row is locked first.
-- name: campaign_lock
update firmware_campaigns set updated_at = $2 where id = $1 and state = 'running';

-- Not a charger that is at work on another job.
-- name: target_claim
update firmware_targets
   set state = 'claimed', job_id = $3, claimed_at = $4
 where campaign_id = $1 and charger_id = $2 and state = 'waiting'
   and exists (select 1 from firmware_campaigns k left join firmware_campaign_counts n on n.campaign_id = k.id
                where k.id = $1 and k.state = 'running' and coalesce(n.running, 0) < k.at_once)
   and not exists (select 1 from charger_jobs j
                    where j.charger_id = $2 and j.kind = 'firmware' and j.ended_at is null)
returning charger_id;

-- name: target_release
update firmware_targets
   set state = 'waiting', job_id = null, claimed_at = null
 where campaign_id = $1 and charger_id = $2 and state = 'claimed' and job_id = $3;

-- name: target_leave_out
update firmware_targets set state = 'skipped', reason = $3
 where campaign_id = $1 and charger_id = $2 and state = 'waiting';

-- Events.

-- name: event_add
insert into security_events (operator_id, charger_id, charge_point_id, source, type, tech_info, critical, event_at, received_at, sent_key)
select o.id, cast($2 as bigint), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as bigint),
       cast($8 as {{time}}), cast($9 as {{time}}), cast($10 as text)
from operators o where o.id = $1
on conflict (sent_key) do nothing;

-- name: event_list
select id as cursor, id, operator_id, charger_id, charge_point_id, source, type, tech_info, critical, event_at, received_at
from security_events
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as bigint) is null or charger_id = cast($2 as bigint))
  and (cast($3 as text) is null or charge_point_id = $3)
  and (cast($4 as text) is null or type = $4)
  and (cast($5 as text) is null or source = $5)
  and (cast($6 as bigint) is null or critical = cast($6 as bigint))
  and (cast($7 as {{time}}) is null or received_at >= cast($7 as {{time}}))
  and (cast($8 as {{time}}) is null or received_at < cast($8 as {{time}}))
  and (cast($9 as bigint) is null or id < cast($9 as bigint))
order by id desc limit $10;

-- The oldest, $2 of them at most.
-- name: events_sweep
delete from security_events
 where id in (select id from security_events where received_at < $1 order by received_at limit cast($2 as bigint));

-- Certificates.

-- Requests since $2, as far as $3; is that of $4 at work?
-- name: certificates_recent
select (select count(*) from (select k.requested_at from charger_certificates k
                               where k.charger_id = $1 order by k.id desc limit cast($3 as bigint)) r
         where r.requested_at > $2) as recent,
       (select count(*) from charger_certificates k
         where k.charger_id = $1 and k.csr_sha256 = cast($4 as text) and k.state in ('requested', 'issued')) as at_work;

-- name: certificates_accepted
select count(*) as accepted from charger_certificates where charger_id = $1 and state = 'accepted' and not_after > $2;

-- The same request again is the same as long as it is at work.
-- name: certificate_request
insert into charger_certificates (operator_id, charger_id, state, csr, csr_sha256, common_name, requested_at)
values ($1, $2, 'requested', $3, $4, $5, $6)
on conflict do nothing;

-- name: certificate_refuse
insert into charger_certificates (operator_id, charger_id, state, reason, csr, csr_sha256, requested_at)
values ($1, $2, 'refused', $3, $4, $5, $6);

-- name: certificate_at_work
select k.id, k.operator_id, k.charger_id, k.state, k.csr, k.chain, c.charge_point_id, c.serial_number,
       case when k.command_id is null then 0 else 1 end as sent
from charger_certificates k join chargers c on c.id = k.charger_id
where k.charger_id = $1 and k.csr_sha256 = $2 and k.state in ('requested', 'issued')
order by k.id desc limit 1;

-- name: certificate_issue
update charger_certificates
   set state = 'issued', subject = $2, serial = $3, fingerprint = $4, issuer = $5, not_before = $6, not_after = $7, chain = $8,
       issued_at = $9
 where id = $1 and state = 'requested';

-- name: certificate_end
update charger_certificates set state = $2, reason = $3, answered_at = $4 where id = $1 and state = 'requested';

-- name: certificate_sent
update charger_certificates set command_id = $2, issued_at = coalesce(issued_at, cast($3 as {{time}}))
 where fingerprint = $1 and state = 'issued' and charger_id = (select id from chargers where charge_point_id = $4);

-- $4: by that charger's answer, or null.
-- name: certificate_answered
update charger_certificates set state = $2, answered_at = $3
 where fingerprint = $1 and state = 'issued'
   and (cast($4 as text) is null or charger_id = (select id from chargers where charge_point_id = cast($4 as text)));

-- Those of the same charger before it.
-- name: certificate_supersede
update charger_certificates set state = 'superseded', answered_at = coalesce(answered_at, cast($2 as {{time}}))
 where state in ('issued', 'accepted')
   and charger_id = (select n.charger_id from charger_certificates n where n.fingerprint = $1)
   and id < (select n.id from charger_certificates n where n.fingerprint = $1 and n.state = 'accepted');

-- Nobody knows whether the charger has it: it is sent again.
-- name: certificate_unanswered
update charger_certificates set command_id = null where fingerprint = $1 and command_id = $2 and state = 'issued';

-- name: certificates_undelivered
select k.id, c.charge_point_id, k.charger_id, k.csr_sha256
from charger_certificates k join chargers c on c.id = k.charger_id
where k.state = 'issued' and k.command_id is null and k.not_after > $2 and k.issued_at <= $3 and k.id > $1
order by k.id limit 500;

-- name: certificate_owner
select operator_id, charger_id, charge_point_id, serial from charger_certificate_rows
where upper(serial) = upper($1) and state = 'revoked' limit 1;

-- name: certificate_open
select 1 as open from charger_certificates where fingerprint = $1 and state = 'issued';

-- name: certificate_list
select id as cursor, charger_certificate_rows.* from charger_certificate_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as bigint) is null or charger_id = cast($2 as bigint))
  and (cast($3 as text) is null or charge_point_id = $3)
  and (cast($4 as text) is null or state = $4)
  and (cast($5 as text) is null or fingerprint = $5)
  and (cast($6 as bigint) is null or id < cast($6 as bigint))
order by id desc limit $7;

-- name: certificate_get
select r.*, k.chain from charger_certificate_rows r join charger_certificates k on k.id = r.id
where r.id = $1 and (cast($2 as text) is null or r.operator_id = $2);

-- name: certificate_revoke
update charger_certificates set state = 'revoked', reason = $2, revoked_at = $3
 where id = $1 and state in ('issued', 'accepted', 'rejected', 'superseded')
returning id;

-- name: certificates_revoked
select serial from charger_certificates where state = 'revoked' and not_after > $1;

-- name: certificates_ending
select k.id, c.charge_point_id, k.operator_id
from charger_certificates k join chargers c on c.id = k.charger_id
where k.state = 'accepted' and k.not_after <= $2 and (k.renewal_at is null or k.renewal_at <= $3)
  and not exists (
    select 1 from charger_certificates n
     where n.charger_id = k.charger_id and n.state in ('requested', 'issued') and n.requested_at > $3)
  and k.id > $1
order by k.id limit 500;

-- name: certificate_renewal
update charger_certificates set renewal_at = $3
 where id = $1 and state = 'accepted' and (renewal_at is null or renewal_at <= $2)
returning id;

-- Roots.

-- name: known_add
insert into known_roots (hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number, subject, not_after)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing;

-- name: installed_add
insert into charger_roots (operator_id, charger_id, certificate_type, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number, seen_at)
select c.operator_id, c.id, cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as {{time}})
from chargers c where c.charge_point_id = $1
on conflict (charger_id, certificate_type, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number)
do update set seen_at = excluded.seen_at;

-- What the charger did not name just now.
-- name: installed_forget
delete from charger_roots
 where charger_id = (select id from chargers where charge_point_id = $1) and certificate_type = $2 and seen_at < $3;

-- name: installed_delete
delete from charger_roots
 where charger_id = (select id from chargers where charge_point_id = $1) and hash_algorithm = $2
   and lower(issuer_name_hash) = lower($3) and lower(issuer_key_hash) = lower($4) and lower(serial_number) = lower($5);

-- name: installed_list
select r.id as cursor, r.id, c.operator_id, r.charger_id, c.charge_point_id, r.certificate_type, r.hash_algorithm,
       r.issuer_name_hash, r.issuer_key_hash, r.serial_number, k.subject, k.not_after, r.seen_at
from charger_roots r join chargers c on c.id = r.charger_id
left join known_roots k on k.hash_algorithm = r.hash_algorithm and k.issuer_name_hash = lower(r.issuer_name_hash)
  and k.issuer_key_hash = lower(r.issuer_key_hash) and lower(k.serial_number) = lower(r.serial_number)
where (cast($1 as text) is null or c.operator_id = $1)
  and (cast($2 as bigint) is null or r.charger_id = cast($2 as bigint))
  and (cast($3 as text) is null or r.certificate_type = $3)
  and r.id > coalesce(cast($4 as bigint), 0)
order by r.id limit $5;

-- name: installed_get
select hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number from charger_roots where id = $1 and charger_id = $2;

-- Jobs.

-- name: job_add
insert into security_jobs (operator_id, charger_id, kind, request_id, command_id, log_type, location, ref, file_id, state,
                           requested_by, requested_at, updated_at, deadline_at)
select c.operator_id, c.id, cast($2 as text), cast($3 as bigint), cast($4 as text), cast($5 as text), cast($6 as text),
       cast($7 as text), cast($8 as bigint), 'requested', cast($9 as text), cast($10 as {{time}}), cast($10 as {{time}}),
       cast($11 as {{time}})
from chargers c where c.charge_point_id = $1;

-- What the charger reported before its answer stands.
-- name: job_answered
update security_jobs
   set reason = case when state in ('requested', 'unanswered') then cast($3 as text) else reason end,
       ended_at = case when state in ('requested', 'unanswered') and $2 <> 'accepted' then cast($5 as {{time}}) else ended_at end,
       state = case when state in ('requested', 'unanswered') then cast($2 as text) else state end,
       file_name = coalesce(cast($4 as text), file_name), updated_at = cast($5 as {{time}}),
       deadline_at = case when deadline_at < cast($6 as {{time}}) then cast($6 as {{time}}) else deadline_at end
 where command_id = $1
returning id, kind, state, ended_at, charger_id, operator_id, updated_at;

-- It has ended without an answer to its question. One that was sent becomes $2: failed if the charger answered with an
-- error, else unanswered, since it may be at work on it all the same.
-- name: job_unanswered
update security_jobs
   set state = case when exists (select 1 from commands c where c.id = $1 and c.sent_at is not null)
                    then cast($2 as text) else 'not_sent' end,
       ended_at = case when cast($2 as text) = 'unanswered'
                        and exists (select 1 from commands c where c.id = $1 and c.sent_at is not null)
                       then null else cast($4 as {{time}}) end,
       reason = cast($3 as text), updated_at = cast($4 as {{time}})
 where command_id = $1 and state = 'requested'
returning id, kind, state, ended_at, charger_id, operator_id, updated_at;

-- The charger has dropped them for a later one.
-- name: jobs_supersede
update security_jobs set state = 'superseded', ended_at = $2, updated_at = $2
 where ended_at is null and charger_id = (select n.charger_id from security_jobs n where n.command_id = $1)
   and kind = (select n.kind from security_jobs n where n.command_id = $1)
   and id < (select n.id from security_jobs n where n.command_id = $1)
returning id, kind, state, ended_at, charger_id, operator_id, updated_at;

-- That of the request, or where the charger names none the newest that is at work or has timed out; not one that ended
-- before $4. `told` is what the charger reported last.
-- name: job_find
select j.id, j.state, (select s.status from security_job_statuses s where s.job_id = j.id order by s.id desc limit 1) as told
from security_jobs j
where j.charger_id = $1 and j.kind = $2 and (j.ended_at is null or j.ended_at > $4)
  and (j.request_id = cast($3 as bigint)
       or (cast($3 as bigint) is null and (j.ended_at is null or j.state = 'timed_out')))
order by case when j.ended_at is null then 0 else 1 end, j.id desc limit 1;

-- name: job_status
insert into security_job_statuses (job_id, status, received_at) values ($1, $2, $3);

-- One that had ended has until $5.
-- name: job_move
update security_jobs
   set state = $2, reason = null, updated_at = cast($3 as {{time}}),
       deadline_at = case when ended_at is null then deadline_at else cast($5 as {{time}}) end,
       ended_at = case when $4 = 1 then cast($3 as {{time}}) end
 where id = $1 and state not in ('superseded', 'uploaded', 'installed')
returning id, kind, state, ended_at, charger_id, operator_id, updated_at;

-- The newest file that came by a job's URL, $1. It counts, whatever the charger says of it.
-- name: job_uploaded
update security_jobs
   set state = 'uploaded', reason = null, updated_at = cast($2 as {{time}}),
       ended_at = coalesce(ended_at, cast($2 as {{time}})),
       upload_id = (select max(f.id) from stored_files f where f.ref = security_jobs.ref)
 where kind = 'log' and ref = $1
   and exists (select 1 from stored_files f
                where f.ref = security_jobs.ref and f.id > coalesce(security_jobs.upload_id, 0));

-- The same for all that changed after $1: a file may have come while nobody looked.
-- name: jobs_uploaded
update security_jobs
   set state = 'uploaded', reason = null, updated_at = cast($2 as {{time}}),
       ended_at = coalesce(ended_at, cast($2 as {{time}})),
       upload_id = (select max(f.id) from stored_files f where f.ref = security_jobs.ref)
 where kind = 'log' and ref is not null and updated_at > $1
   and exists (select 1 from stored_files f
                where f.ref = security_jobs.ref and f.id > coalesce(security_jobs.upload_id, 0));

-- name: jobs_overdue
update security_jobs
   set state = 'timed_out', ended_at = $1, updated_at = $1
 where ended_at is null and state <> 'requested' and deadline_at <= $1
returning id, kind, state, ended_at, charger_id, operator_id, updated_at;

-- name: job_list
select j.id as cursor, j.id, j.operator_id, j.charger_id, c.charge_point_id, j.kind, j.request_id, j.command_id, j.log_type,
       j.location, coalesce(j.file_id, j.upload_id) as file_id, j.file_name, j.state, j.reason, j.requested_by, j.requested_at, j.deadline_at,
       j.updated_at, j.ended_at
from security_jobs j join chargers c on c.id = j.charger_id
where (cast($1 as text) is null or j.operator_id = $1)
  and (cast($2 as text) is null or j.kind = $2)
  and (cast($3 as bigint) is null or j.charger_id = cast($3 as bigint))
  and (cast($4 as text) is null or c.charge_point_id = $4)
  and (cast($5 as text) is null or j.command_id = $5)
  and (cast($6 as text) is null or j.state = $6)
  and (cast($7 as bigint) is null or j.id < cast($7 as bigint))
order by j.id desc limit $8;

-- name: job_get
select j.id, j.operator_id, j.charger_id, c.charge_point_id, j.kind, j.request_id, j.command_id, j.log_type,
       j.location, coalesce(j.file_id, j.upload_id) as file_id, j.file_name, j.state, j.reason, j.requested_by, j.requested_at, j.deadline_at,
       j.updated_at, j.ended_at,
       s.status, s.received_at
from security_jobs j join chargers c on c.id = j.charger_id
left join security_job_statuses s on s.job_id = j.id
where j.id = $1 and (cast($2 as text) is null or j.operator_id = $2)
order by s.id;

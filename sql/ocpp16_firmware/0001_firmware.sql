-- What chargers were asked to install or to upload, what they said of it, and campaigns that ask many of them.

create table firmware_campaigns (
  id                   {{id}},
  operator_id          text not null references operators (id),
  name                 text not null,
  selection            text not null,     -- JSON, as schema rest/selection
  file_id              bigint references files (id),
  file_name            text,
  location             text,              -- the operator's own URL, where there is no file
  expected_version     text,              -- what chargers boot with afterwards; null: not known
  from_at              {{time}},
  until_at             {{time}},
  at_once              integer not null check (at_once > 0),
  max_failure_percent  integer,           -- null: goes on whatever happens
  min_samples          integer not null,
  retries              integer,
  retry_interval_s     integer,
  state                text not null check (state in ('running', 'paused', 'stopped', 'finished')),
  reason               text,              -- why it has ended: failure_rate, request, window, done
  selected_to          bigint,            -- chargers up to this id are targets; null: all are
  requested_by         text not null,
  created_at           {{time}} not null,
  updated_at           {{time}} not null,
  ended_at             {{time}},
  check ((file_id is null) <> (location is null))
);
create index firmware_campaigns_by_operator on firmware_campaigns (operator_id, id);
create index firmware_campaigns_open on firmware_campaigns (id) where ended_at is null;
create index firmware_campaigns_by_file on firmware_campaigns (file_id) where file_id is not null;

-- One request to a charger. Its row comes in the unit that stores the command's.
create table charger_jobs (
  id                text primary key,
  operator_id       text not null references operators (id),
  charger_id        bigint not null references chargers (id) on delete cascade,
  kind              text not null check (kind in ('firmware', 'diagnostics')),
  command_id        text not null unique,
  campaign_id       bigint references firmware_campaigns (id),
  state             text not null,
  reason            text,
  file_id           bigint references files (id), -- to be installed
  upload_id         bigint references files (id) on delete set null, -- what has been uploaded
  location          text,                -- as the operator gave it; null: a URL of ours
  file_name         text,                -- of diagnostics, as the charger calls it
  expected_version  text,
  request           text not null,       -- JSON: the payload without its location
  requested_by      text not null,
  requested_at      {{time}} not null,
  deadline_at       {{time}} not null,   -- when it times out
  updated_at        {{time}} not null,
  ended_at          {{time}}
);
create index charger_jobs_by_charger on charger_jobs (charger_id, kind, id);
create index charger_jobs_by_operator on charger_jobs (operator_id, kind, id);
create index charger_jobs_open on charger_jobs (kind, deadline_at) where ended_at is null;
create index charger_jobs_by_file on charger_jobs (file_id) where file_id is not null;
-- A campaign asks a charger once; what never reached it does not count.
create unique index charger_jobs_by_campaign on charger_jobs (campaign_id, charger_id)
  where campaign_id is not null and state <> 'not_sent';

-- What chargers reported; job_id is null for what nobody had asked for.
create table charger_job_statuses (
  id           {{id}},
  operator_id  text not null references operators (id),
  charger_id   bigint not null references chargers (id) on delete cascade,
  kind         text not null check (kind in ('firmware', 'diagnostics')),
  job_id       text references charger_jobs (id) on delete cascade,
  status       text not null,            -- OCPP's; Booted for a boot, with the version as detail
  detail       text,
  received_at  {{time}} not null
);
create index charger_job_statuses_by_charger on charger_job_statuses (charger_id, kind, id);
create index charger_job_statuses_by_job on charger_job_statuses (job_id, id);

-- A campaign's chargers. Once one is claimed and asked, its job tells how it stands.
create table firmware_targets (
  campaign_id  bigint not null references firmware_campaigns (id),
  charger_id   bigint not null references chargers (id) on delete cascade,
  operator_id  text not null references operators (id),
  state        text not null check (state in ('waiting', 'claimed', 'skipped')),
  job_id       text,                     -- of the claim; the job's row may not be there yet
  reason       text,
  claimed_at   {{time}},
  primary key (campaign_id, charger_id)
);
create index firmware_targets_by_charger on firmware_targets (charger_id);

-- Jobs that a status of their charger may be about, the likeliest first by `age`: not those that the charger never got
-- or refused.
create view charger_job_candidates as
select j.id, j.charger_id, j.kind, j.ended_at,
       case when j.ended_at is not null then 2 when j.state = 'requested' then 1 else 0 end as age
from charger_jobs j
where j.state not in ('not_sent', 'failed')
  and (j.state <> 'requested' or exists (select 1 from commands c where c.id = j.command_id and c.sent_at is not null));

-- What REST shows of a job.
create view charger_job_rows as
select j.id, j.kind, j.operator_id, j.charger_id, c.charge_point_id, j.command_id, j.campaign_id, j.state, j.reason,
       coalesce(j.file_id, j.upload_id) as file_id, j.location, j.file_name, j.expected_version, j.requested_by, j.requested_at, j.deadline_at, j.updated_at,
       j.ended_at, j.request
from charger_jobs j join chargers c on c.id = j.charger_id;

-- Where each charger of a campaign stands.
create view firmware_target_rows as
select t.campaign_id, t.operator_id, t.charger_id, c.charge_point_id, c.firmware_version,
       case when j.state = 'installed' then 'installed'
            when j.ended_at is not null then 'failed'
            when j.id is not null or t.state = 'claimed' then 'running'
            when t.state = 'waiting' and k.ended_at is not null then 'missed'
            else t.state end as state,
       j.id as job_id, j.state as job_state, coalesce(j.reason, t.reason) as reason
from firmware_targets t
join firmware_campaigns k on k.id = t.campaign_id
join chargers c on c.id = t.charger_id
left join charger_jobs j on j.id = t.job_id and j.state <> 'not_sent';

create view firmware_campaign_counts as
select campaign_id, count(*) as total,
       count(*) filter (where state = 'waiting') as waiting,
       count(*) filter (where state = 'running') as running,
       count(*) filter (where state = 'installed') as installed,
       count(*) filter (where state = 'failed') as failed,
       count(*) filter (where state = 'skipped') as skipped,
       count(*) filter (where state = 'missed') as missed
from firmware_target_rows group by campaign_id;

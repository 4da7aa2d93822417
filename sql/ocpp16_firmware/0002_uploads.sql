-- A file that goes looks for the jobs it came of.
create index charger_jobs_by_upload on charger_jobs (upload_id) where upload_id is not null;

-- What has ended or happened since some time.
create index charger_jobs_by_end on charger_jobs (ended_at) where ended_at is not null;

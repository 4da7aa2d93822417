-- A file that goes looks for the jobs it came of.
create index charger_jobs_by_upload on charger_jobs (upload_id) where upload_id is not null;

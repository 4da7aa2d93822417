-- What is deleted is found without a look at all the rest: events by their age, jobs by the file that goes.

create index security_events_by_age on security_events (received_at);
create index security_jobs_by_file on security_jobs (file_id) where file_id is not null;
create index security_jobs_by_upload on security_jobs (upload_id) where upload_id is not null;

-- Jobs have an end in time, and states that are spelled as all others.

alter table security_jobs add column deadline_at {{time}};   -- when it times out
update security_jobs set deadline_at = updated_at;

update security_jobs set state = 'superseded' where state = 'cancelled';
update security_jobs set state = 'uploading' where state = 'Uploading';
update security_jobs set state = 'uploaded' where state = 'Uploaded';
update security_jobs set state = 'upload_failed' where state = 'UploadFailure';
update security_jobs set state = 'bad_message' where state = 'BadMessage';
update security_jobs set state = 'permission_denied' where state = 'PermissionDenied';
update security_jobs set state = 'not_supported_operation' where state = 'NotSupportedOperation';
update security_jobs set state = 'download_scheduled' where state = 'DownloadScheduled';
update security_jobs set state = 'download_paused' where state = 'DownloadPaused';
update security_jobs set state = 'downloading' where state = 'Downloading';
update security_jobs set state = 'downloaded' where state = 'Downloaded';
update security_jobs set state = 'download_failed' where state = 'DownloadFailed';
update security_jobs set state = 'signature_verified' where state = 'SignatureVerified';
update security_jobs set state = 'invalid_signature' where state = 'InvalidSignature';
update security_jobs set state = 'install_scheduled' where state = 'InstallScheduled';
update security_jobs set state = 'installing' where state = 'Installing';
update security_jobs set state = 'install_rebooting' where state = 'InstallRebooting';
update security_jobs set state = 'install_verification_failed' where state = 'InstallVerificationFailed';
update security_jobs set state = 'installation_failed' where state = 'InstallationFailed';
update security_jobs set state = 'installed' where state = 'Installed';

create index security_jobs_open on security_jobs (deadline_at) where ended_at is null;
create index security_jobs_changed on security_jobs (updated_at) where kind = 'log' and ref is not null;

-- What has ended or happened since some time.
create index security_events_by_time on security_events (received_at);
create index security_jobs_by_end on security_jobs (ended_at) where ended_at is not null;

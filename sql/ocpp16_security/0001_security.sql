-- Security events, chargers' certificates, the roots on them, logs and signed firmware.

create table security_events (
  id               {{id}},
  operator_id      text not null references operators (id),
  charger_id       bigint references chargers (id) on delete set null,
  charge_point_id  text not null,
  source           text not null check (source in ('charger', 'busbar')),
  type             text not null,
  tech_info        text,
  critical         integer not null,
  event_at         {{time}} not null,     -- by the charger's clock
  received_at      {{time}} not null,
  sent_key         text unique            -- what the charger sent: the same again is the same event; null: ours
);
create index security_events_by_operator on security_events (operator_id, id);
create index security_events_by_charger on security_events (charger_id, id);

-- A request, and what became of it.
create table charger_certificates (
  id             {{id}},
  operator_id    text not null references operators (id),
  charger_id     bigint not null references chargers (id) on delete cascade,
  state          text not null check (state in ('requested', 'refused', 'issued', 'accepted', 'rejected', 'superseded', 'revoked')),
  reason         text,
  common_name    text,
  csr            text not null,
  csr_sha256     text not null,
  subject        text,
  issuer         text,
  serial         text,
  fingerprint    text unique,             -- SHA-256 of all of it
  not_before     {{time}},
  not_after      {{time}},
  chain          text,
  command_id     text,                    -- CertificateSigned
  requested_at   {{time}} not null,
  issued_at      {{time}},
  answered_at    {{time}},
  revoked_at     {{time}},
  renewal_at     {{time}}                 -- when its charger was asked for a new one
);
create unique index charger_certificates_open on charger_certificates (charger_id, csr_sha256)
  where state in ('requested', 'issued');
create index charger_certificates_by_charger on charger_certificates (charger_id, id);
create index charger_certificates_by_operator on charger_certificates (operator_id, id);
create index charger_certificates_revoked on charger_certificates (not_after) where state = 'revoked';
create index charger_certificates_ending on charger_certificates (not_after) where state = 'accepted';
create index charger_certificates_undelivered on charger_certificates (id) where state = 'issued' and command_id is null;

create view charger_certificate_rows as
select k.id, k.operator_id, k.charger_id, c.charge_point_id, k.state, k.reason, k.common_name, k.subject, k.issuer, k.serial,
       k.fingerprint, k.not_before, k.not_after, k.command_id, k.requested_at, k.issued_at, k.answered_at, k.revoked_at
from charger_certificates k join chargers c on c.id = k.charger_id;

-- Roots that were ever sent, under each hash that a charger may report them by.
create table known_roots (
  hash_algorithm    text not null,
  issuer_name_hash  text not null,
  issuer_key_hash   text not null,
  serial_number     text not null,
  subject           text not null,
  not_after         {{time}} not null,
  primary key (hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number)
);

-- What is on each charger, by its word.
create table charger_roots (
  id                {{id}},
  operator_id       text not null references operators (id),
  charger_id        bigint not null references chargers (id) on delete cascade,
  certificate_type  text not null,
  hash_algorithm    text not null,
  issuer_name_hash  text not null,
  issuer_key_hash   text not null,
  serial_number     text not null,
  seen_at           {{time}} not null,
  unique (charger_id, certificate_type, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number)
);

-- GetLog and SignedUpdateFirmware. `state` is ours until the charger reports, then its last status.
create table security_jobs (
  id            {{id}},
  operator_id   text not null references operators (id),
  charger_id    bigint not null references chargers (id) on delete cascade,
  kind          text not null check (kind in ('log', 'firmware')),
  request_id    bigint not null,          -- OCPP's
  command_id    text not null unique,
  log_type      text,
  location      text,                     -- as the operator gave it; null: a URL of ours
  ref           text,                     -- of that URL
  file_id       bigint references files (id),            -- to be installed
  upload_id     bigint references files (id) on delete set null,
  file_name     text,                     -- of a log, as the charger calls it
  state         text not null,
  reason        text,
  requested_by  text not null,
  requested_at  {{time}} not null,
  updated_at    {{time}} not null,
  ended_at      {{time}}
);
create index security_jobs_by_charger on security_jobs (charger_id, kind, id);
create index security_jobs_by_operator on security_jobs (operator_id, id);
create index security_jobs_by_ref on security_jobs (ref) where ref is not null;

create table security_job_statuses (
  id           {{id}},
  job_id       bigint not null references security_jobs (id) on delete cascade,
  status       text not null,
  received_at  {{time}} not null
);
create index security_job_statuses_by_job on security_job_statuses (job_id, id);

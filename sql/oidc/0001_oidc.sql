-- What identity providers have told of their users.

-- Webhooks that have been heeded, for a day: a message counts once.
create table identity_events (
  name         text not null,      -- of the issuer in the configuration
  message_id   text not null,
  received_at  {{time}} not null,
  primary key (name, message_id)
);
create index identity_events_by_time on identity_events (received_at);

-- Who is no more: tokens of theirs, and news of them that come late, make no user.
create table identities_gone (
  issuer   text not null,
  subject  text not null,
  gone_at  {{time}} not null,
  primary key (issuer, subject)
);

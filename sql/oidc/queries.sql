-- name: event_find
select message_id from identity_events where name = $1 and message_id = $2;

-- name: event_insert
insert into identity_events (name, message_id, received_at) values ($1, $2, cast($3 as {{time}}));

-- name: events_sweep
delete from identity_events where received_at < $1;

-- name: gone_put
insert into identities_gone (issuer, subject, gone_at) values ($1, $2, cast($3 as {{time}}))
on conflict (issuer, subject) do nothing;

-- name: gone_find
select subject from identities_gone where issuer = $1 and subject = $2;

-- What is new since $1: when it was known here, the fact's own key, whose it is, and then the event's data. Facts that are events
-- already are left out, and those of operators who have nobody to tell. $2 is the page.

-- name: facts_started
select t.received_at as at, 'session.started/' || t.id as event_key, t.operator_id, t.user_id,
       t.id as transaction_id, t.charger_id, c.charge_point_id, c.station_id, t.connector_id, t.id_tag, t.user_id as of_user,
       t.token_status, t.started_at
from transactions t join chargers c on c.id = t.charger_id
where t.received_at >= cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = t.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'session.started/' || t.id)
order by t.received_at limit $2;

-- name: facts_stopped
select t.ended_at as at, 'session.stopped/' || t.id as event_key, t.operator_id, t.user_id,
       t.id as transaction_id, t.charger_id, c.charge_point_id, c.station_id, t.connector_id, t.id_tag, t.user_id as of_user,
       t.started_at, t.stopped_at, t.energy_wh, t.stop_reason, t.flags
from transactions t join chargers c on c.id = t.charger_id
where t.ended_at >= cast($1 as {{time}}) and t.state = 'completed'
  and exists (select 1 from subscriptions s where s.operator_id = t.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'session.stopped/' || t.id)
order by t.ended_at limit $2;

-- name: facts_billed
select b.billed_at as at, 'session.billed/' || b.transaction_id as event_key, b.operator_id, b.user_id,
       b.transaction_id, t.charger_id, c.charge_point_id, c.station_id, t.connector_id, t.id_tag, b.user_id as of_user,
       t.started_at, t.stopped_at, t.energy_wh, b.amount_minor, b.tax_minor, b.currency, b.wallet_id
from bills b join transactions t on t.id = b.transaction_id join chargers c on c.id = t.charger_id
where b.billed_at >= cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = b.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'session.billed/' || b.transaction_id)
order by b.billed_at limit $2;

-- name: facts_cut_off @with sessions
select x.cut_off_at as at, 'session.cut_off/' || x.transaction_id as event_key, x.operator_id, t.user_id,
       x.transaction_id, t.charger_id, c.charge_point_id, c.station_id, t.connector_id, t.id_tag, t.user_id as of_user,
       t.started_at, x.cut_off_by, x.reason, x.energy_wh, x.price_minor, x.currency
from session_cut_offs x join transactions t on t.id = x.transaction_id join chargers c on c.id = t.charger_id
where x.cut_off_at >= cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = x.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'session.cut_off/' || x.transaction_id)
order by x.cut_off_at limit $2;

-- name: facts_low
select j.at, 'wallet.low/' || j.id as event_key, j.operator_id, w.user_id,
       w.id as wallet_id, w.user_id as of_user, j.balance_after_minor as balance_minor, w.low_balance_minor, w.currency
from wallet_journals j join wallets w on w.id = j.wallet_id
where j.at >= cast($1 as {{time}}) and j.balance_after_minor < w.low_balance_minor
  and j.balance_after_minor - j.amount_minor >= w.low_balance_minor
  and exists (select 1 from subscriptions s where s.operator_id = j.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'wallet.low/' || j.id)
order by j.at limit $2;

-- name: facts_faulted
select h.received_at as at, 'charger.faulted/' || h.id as event_key, h.operator_id, null as user_id,
       h.charger_id, c.charge_point_id, c.station_id, h.connector_id, h.status, h.error_code, h.info, h.vendor_error_code,
       h.status_at
from connector_history h join chargers c on c.id = h.charger_id
where h.status = 'Faulted' and h.received_at >= cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = h.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'charger.faulted/' || h.id)
order by h.received_at limit $2;

-- name: facts_security @with ocpp16_security
select v.received_at as at, 'security.event/' || v.id as event_key, v.operator_id, null as user_id,
       v.charger_id, v.charge_point_id, c.station_id, v.source, v.type, v.tech_info, v.critical, v.event_at
from security_events v left join chargers c on c.id = v.charger_id
where v.received_at >= cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = v.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'security.event/' || v.id)
order by v.received_at limit $2;

-- name: facts_firmware @with ocpp16_firmware
select j.ended_at as at, 'firmware.failed/' || j.id as event_key, j.operator_id, null as user_id,
       j.id as job_id, j.charger_id, c.charge_point_id, c.station_id, j.state, j.reason, j.expected_version, j.campaign_id
from charger_jobs j join chargers c on c.id = j.charger_id
where j.kind = 'firmware' and j.ended_at >= cast($1 as {{time}})
  and (j.state like '%failed' or j.state in ('timed_out', 'version_mismatch'))
  and exists (select 1 from subscriptions s where s.operator_id = j.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'firmware.failed/' || j.id)
order by j.ended_at limit $2;

-- name: facts_signed_firmware @with ocpp16_security
select j.ended_at as at, 'firmware.failed/signed/' || j.id as event_key, j.operator_id, null as user_id,
       cast(j.id as text) as job_id, j.charger_id, c.charge_point_id, c.station_id, j.state, j.reason
from security_jobs j join chargers c on c.id = j.charger_id
where j.kind = 'firmware' and j.ended_at >= cast($1 as {{time}})
  and (j.state like '%failed' or j.state in ('timed_out', 'invalid_signature', 'invalid_certificate', 'revoked_certificate'))
  and exists (select 1 from subscriptions s where s.operator_id = j.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'firmware.failed/signed/' || j.id)
order by j.ended_at limit $2;

-- name: facts_dead
select t.ended_at as at, 'task.dead/' || t.id || '/' || t.tries as event_key, t.operator_id, null as user_id,
       t.id as task_id, t.name, t.tries, t.error, t.created_at
from tasks t
where t.state = 'dead' and t.ended_at >= cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = t.operator_id and s.active = 1)
  and not exists (select 1 from notification_events e where e.event_key = 'task.dead/' || t.id || '/' || t.tries)
order by t.ended_at limit $2;

-- name: looked
select looked_until from notification_state where id = 1;

-- name: looked_set
insert into notification_state (id, looked_until) values (1, cast($1 as {{time}}))
on conflict (id) do update set looked_until = excluded.looked_until;

-- name: listeners
select id, operator_id, user_id, events, filter, created_at from subscriptions where active = 1 order by id;

-- name: event_add
insert into notification_events (operator_id, event, event_key, user_id, data, at, created_at)
values ($1, $2, $3, $4, $5, cast($6 as {{time}}), cast($7 as {{time}}))
on conflict (event_key) do nothing;

-- name: delivery_add
insert into deliveries (operator_id, subscription_id, event_id, state, tries, next_at, test, created_at)
select s.operator_id, s.id, e.id, 'waiting', 0, cast($3 as {{time}}), cast($4 as integer), cast($3 as {{time}})
from subscriptions s, notification_events e where s.id = $1 and e.event_key = $2
on conflict (subscription_id, event_id) do nothing
returning id;

-- An event of this plugin's own, to all who want it: $1 its key. Their names are looked for in the text of the list.
-- name: notice_add
insert into deliveries (operator_id, subscription_id, event_id, state, tries, next_at, test, created_at)
select s.operator_id, s.id, e.id, 'waiting', 0, e.created_at, 0, e.created_at
from notification_events e join subscriptions s on s.operator_id = e.operator_id
where e.event_key = $1 and s.active = 1 and s.user_id is null
  and (s.events like '%"*"%' or s.events like '%"' || e.event || '"%' or s.events like '%"subscription.*"%')
on conflict (subscription_id, event_id) do nothing;

-- Chargers that were there before $1 and have told nothing since; which of them have a link is known elsewhere.
-- name: silent
select c.id, c.operator_id, c.charge_point_id, c.station_id, c.last_seen_at
from chargers c
where c.id > $2 and c.registration = 'accepted' and c.last_seen_at < cast($1 as {{time}})
  and exists (select 1 from subscriptions s where s.operator_id = c.operator_id and s.active = 1)
  and not exists (select 1 from charger_outages o where o.charger_id = c.id)
order by c.id limit 500;

-- name: outages
select c.id, o.operator_id, c.charge_point_id, c.station_id, o.offline_since
from charger_outages o join chargers c on c.id = o.charger_id where o.charger_id > $1 order by o.charger_id limit 500;

-- name: outage_add
insert into charger_outages (charger_id, operator_id, offline_since) values ($1, $2, cast($3 as {{time}}))
on conflict (charger_id) do nothing;

-- name: outage_end
delete from charger_outages where charger_id = $1;

-- Deliveries. Of each subscriber the oldest that waits, if its time has come; first one for each host of each operator, then a second
-- one, so that those of one host do not hide all others. A host is a URL as far as its path.
-- name: due
select x.id, x.subscription_id, x.operator_id, x.host, x.failing
from (select w.*, row_number() over (partition by w.operator_id, w.host order by w.failing, w.next_at, w.id) as place
      from (select d.id, s.id as subscription_id, s.operator_id, d.next_at, case when s.failing_since is null then 0 else 1 end as failing,
                   case when s.channel = 'webhook' then substr(s.target, 1, {{position}}(substr(s.target, 9) || '/', '/') + 7)
                        else s.channel end as host
            from subscriptions s
            join deliveries d on d.id = (select min(o.id) from deliveries o where o.subscription_id = s.id and o.state = 'waiting')
            where s.active = 1 and d.next_at <= cast($1 as {{time}})
              and (s.claimed_until is null or s.claimed_until <= cast($1 as {{time}}))) w) x
order by x.place, x.failing, x.next_at limit $2;

-- name: claim
update subscriptions set claimed_until = cast($2 as {{time}})
where id = $1 and active = 1 and (claimed_until is null or claimed_until <= cast($3 as {{time}}))
returning id;

-- name: release
update subscriptions set claimed_until = null where id = $1;

-- SQLite serves one node, so whoever had claims at $1 is gone; elsewhere they lapse.
-- name: release_all @sqlite
update subscriptions set claimed_until = null where claimed_until > $1;

-- name: release_all @postgres
update subscriptions set claimed_until = null where claimed_until <= $1;

-- name: delivery_facts
select d.id, d.tries, d.test, e.id as event_id, e.event, e.data, e.at, e.user_id,
       s.id as subscription_id, s.operator_id, s.channel, s.target, s.language, s.secret, s.old_secret, s.old_secret_until,
       s.failing_since, o.name as operator_name, o.time_zone, o.currency,
       t.version, t.source, g.method, g.url, g.headers, g.body, g.body_type, g.secret as gateway_secret
from deliveries d
join subscriptions s on s.id = d.subscription_id
join notification_events e on e.id = d.event_id
join operators o on o.id = s.operator_id
left join notification_templates t on t.operator_id = s.operator_id and t.language = s.language
left join notification_gateways g on g.operator_id = s.operator_id and g.channel = s.channel
where d.id = $1 and d.state = 'waiting';

-- name: attempt_add
insert into delivery_attempts (delivery_id, at, status, error, latency_ms) values ($1, $2, $3, $4, $5);

-- name: delivery_set
update deliveries set state = $2, tries = tries + 1, next_at = cast($3 as {{time}}), status = $4, error = $5, latency_ms = $6,
       ended_at = cast($7 as {{time}})
where id = $1 and state = 'waiting';

-- name: subscriber_well
update subscriptions set failing_since = null, claimed_until = null where id = $1;

-- name: subscriber_failing
update subscriptions set failing_since = coalesce(failing_since, cast($2 as {{time}})), claimed_until = null where id = $1;

-- name: subscriber_disable
update subscriptions set active = 0, disabled_reason = $2, updated_at = cast($3 as {{time}}) where id = $1 and active = 1;

-- name: sweep_events
delete from notification_events where id in
  (select e.id from notification_events e
   where e.created_at < cast($1 as {{time}})
     and not exists (select 1 from deliveries d where d.event_id = e.id and d.state = 'waiting')
   order by e.created_at limit 500);

-- Subscriptions over REST.
-- name: subscription_list
select id as cursor, subscription_rows.* from subscription_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or channel = $2)
  and (cast($3 as text) is null or user_id = $3)
  and id > coalesce(cast($4 as bigint), 0)
order by id limit $5;

-- name: subscription_get
select id as cursor, subscription_rows.* from subscription_rows
where id = $1 and (cast($2 as text) is null or operator_id = $2)
  and (cast($3 as text) is null or channel = $3);

-- name: subscription_insert
insert into subscriptions (operator_id, user_id, name, channel, target, events, filter, language, active, secret, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as text),
       cast($8 as text), cast($9 as integer), cast($10 as text), cast($11 as {{time}}), cast($11 as {{time}})
from operators o where o.id = $1
returning id;

-- name: subscription_update
update subscriptions set user_id = $2, name = $3, target = $4, events = $5, filter = $6, language = $7, active = cast($8 as integer),
       disabled_reason = case when $8 = 1 then null else disabled_reason end,
       failing_since = case when $8 = 1 then null else failing_since end, updated_at = cast($9 as {{time}})
where id = $1 and (cast($10 as {{time}}) is null or updated_at = cast($10 as {{time}}))
returning id;

-- name: subscription_secret
update subscriptions set old_secret = secret, old_secret_until = cast($3 as {{time}}), secret = $2, updated_at = cast($4 as {{time}})
where id = $1 returning id;

-- name: subscription_delete
delete from subscriptions where id = $1 returning id;

-- Deliveries over REST, the newest first.
-- name: delivery_list
select id as cursor, delivery_rows.* from delivery_rows
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as bigint) is null or subscription_id = $2)
  and (cast($3 as text) is null or state = $3)
  and (cast($4 as text) is null or event = $4)
  and (cast($5 as bigint) is null or id < $5)
order by id desc limit $6;

-- name: delivery_get
select id as cursor, r.*, (select e.data from notification_events e where e.id = r.event_id) as data
from delivery_rows r where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: attempt_list
select at, status, error, latency_ms from delivery_attempts where delivery_id = $1 order by id desc limit 100;

-- name: delivery_again
update deliveries set state = 'waiting', tries = 0, next_at = cast($2 as {{time}}), ended_at = null
where id = $1 and state <> 'waiting' returning id;

-- Templates and gateways.
-- name: template_list
select language as cursor, operator_id, language, version, created_at, updated_at from notification_templates
where (cast($1 as text) is null or operator_id = $1) and (cast($2 as text) is null or language > $2)
order by language limit $3;

-- name: template_get
select operator_id, language, version, created_at, updated_at, source from notification_templates
where operator_id = $1 and language = $2;

-- name: template_put
insert into notification_templates (operator_id, language, version, source, created_at, updated_at)
select o.id, cast($2 as text), 1, cast($3 as text), cast($4 as {{time}}), cast($4 as {{time}}) from operators o
where o.id = $1 and (cast($5 as {{time}}) is null
  or exists (select 1 from notification_templates t where t.operator_id = o.id and t.language = $2 and t.updated_at = $5))
on conflict (operator_id, language) do update
set version = notification_templates.version + 1, source = excluded.source, updated_at = excluded.updated_at
where cast($6 as integer) = 0 and (cast($5 as {{time}}) is null or notification_templates.updated_at = $5)
returning version;

-- name: template_delete
delete from notification_templates where operator_id = $1 and language = $2 returning id;

-- name: gateway_get
select operator_id, channel, method, url, body, body_type, case when secret is null then 0 else 1 end as has_secret,
       created_at, updated_at, headers
from notification_gateways where operator_id = $1 and channel = $2;

-- name: gateway_put
insert into notification_gateways (operator_id, channel, method, url, headers, body, body_type, secret, created_at, updated_at)
select o.id, cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as text),
       cast($8 as text), cast($10 as {{time}}), cast($10 as {{time}})
from operators o
where o.id = $1 and (cast($11 as {{time}}) is null
  or exists (select 1 from notification_gateways g where g.operator_id = o.id and g.channel = $2 and g.updated_at = $11))
on conflict (operator_id, channel) do update
set method = excluded.method, url = excluded.url, headers = excluded.headers, body = excluded.body, body_type = excluded.body_type,
    secret = case when cast($9 as bigint) = 1 then excluded.secret else notification_gateways.secret end, updated_at = excluded.updated_at
where cast($12 as integer) = 0 and (cast($11 as {{time}}) is null or notification_gateways.updated_at = $11)
returning id;

-- name: gateway_delete
delete from notification_gateways where operator_id = $1 and channel = $2 returning id;

-- What a MeterValues writes, for bench_storage.

-- name: charger
insert into chargers (operator_id, charge_point_id, created_at, updated_at) values ('default', $1, $2, $2)
returning id;

-- name: transaction
insert into transactions (operator_id, charger_id, connector_id, protocol, protocol_id, id_tag, token_status,
                          state, meter_start_wh, started_at, received_at, start_key)
values ('default', $1, 1, 'ocpp1.6', $2, 'TAG', 'Accepted', 'active', 0, $3, $3, $2)
returning id;

-- name: meter_value
insert into meter_values (operator_id, charger_id, connector_id, transaction_id, sampled_at, received_at, source,
                          energy_wh, power_w, current_ma, soc_percent, sample, sample_key, own_clock)
values ('default', $1, 1, $2, $3, $3, 'meter_values', $4, 11040, 16000, 57, $5, $6, 1)
on conflict do nothing;

-- name: meter_last
update transactions set meter_last_wh = $2, meter_last_at = $3
where id = $1 and (meter_last_at is null or meter_last_at <= cast($3 as {{time}}));

-- name: message
insert into messages (operator_id, charge_point_id, direction, kind, action, message_id, payload, latency_us,
                      correlation_id, at)
values ('default', $1, $2, $3, 'MeterValues', $4, $5, $6, $4, $7);

-- name: connector
insert into connectors (charger_id, connector_id, operator_id, status, error_code, status_at, received_at)
values ($1, 1, 'default', 'Charging', 'NoError', $2, $2)
on conflict (charger_id, connector_id) do update set received_at = excluded.received_at;

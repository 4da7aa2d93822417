-- For lists of deliveries: by state, of a subscription.

create index deliveries_by_state on deliveries (state, id);
create index deliveries_by_operator_and_state on deliveries (operator_id, state, id);
create index deliveries_by_subscription on deliveries (subscription_id, id);

-- Events that wait for their payment are found by what they name.

create index payment_events_of_checkout on payment_events (gateway, checkout_ref) where outcome = 'unmatched' and checkout_ref is not null;
create index payment_events_of_payment on payment_events (gateway, payment_ref) where outcome = 'unmatched' and payment_ref is not null;

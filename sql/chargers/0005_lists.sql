-- For lists of chargers by what few have. Of indexes that promise the same SQLite takes the newest one: that of stations is last,
-- because a station has fewer chargers than its operator.

create index chargers_by_registration on chargers (registration, id);
create index chargers_by_operator on chargers (operator_id, id);
create index chargers_by_operator_and_registration on chargers (operator_id, registration, id);
create index chargers_by_vendor on chargers (vendor, id);
create index chargers_by_model on chargers (model, id);
drop index chargers_by_station;
create index chargers_by_station on chargers (station_id, id);

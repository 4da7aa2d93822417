-- A transaction's meter values are read in the order of their ids: a page, and those that are new since the last look. Who wants them by
-- their time wants all. In place of the index by time, so a value costs no more. SQLite's indexes end with the id by themselves.

drop index meter_values_by_transaction;
-- @postgres
create index meter_values_by_transaction on meter_values (transaction_id, id);
-- @sqlite
create index meter_values_by_transaction on meter_values (transaction_id);
-- @end

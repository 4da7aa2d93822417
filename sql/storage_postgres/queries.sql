-- What the PostgreSQL engine asks of its own database.

-- name: make_partitions @postgres
-- $1: now, in milliseconds since 1970.
select make_partitions(to_timestamp(cast($1 as bigint) / 1000.0));

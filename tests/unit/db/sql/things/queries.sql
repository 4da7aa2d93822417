-- Queries of the tests of storage.

-- name: add
insert into things (name, number, small, ratio, at, bytes) values ($1, $2, $3, $4, $5, $6)
returning id, name, number, small, ratio, at, bytes;

-- name: add_named
insert into things (name, number) values ($1, $2);

-- name: add_named_many @postgres
insert into things (name, number) select * from unnest(cast($1 as text[]), cast($2 as bigint[]));

-- name: put
insert into things (name, number, small, at) values ($1, $2, $3, $4);

-- name: put_many @postgres
insert into things (name, number, small, at)
select * from unnest(cast($1 as text[]), cast($2 as bigint[]), cast($3 as integer[]), cast($4 as timestamptz[]));

-- name: add_once
insert into things (name, number) values ($1, $2) on conflict (name) do nothing;

-- name: add_child
insert into things (name, parent) values ($1, $2);

-- name: set_small
update things set small = $2 where name = $1;

-- name: set_small_many @postgres
update things t set small = s.small
from unnest(cast($1 as text[]), cast($2 as integer[])) with ordinality as s (name, small, number) where t.name = s.name
returning s.number;

-- name: swap_words
-- The second parameter comes first: $1 is not the first one that appears.
insert into things (number, name) values ($2, $1) returning name, number;

-- name: add_note
insert into things (number, note) values ($1, $2);

-- name: notes
select number, note from things order by number;

-- name: by_name
select name, number from things where name = $1;

-- name: numbered
select name, number, small, at from things order by id;

-- name: all_names
select name from things order by name;

-- name: from_number
select name from things
where (cast($1 as bigint) is null or number >= $1) and (cast($2 as {{time}}) is null or at >= cast($2 as {{time}}))
order by number;

-- name: sums
select count(*) as how_many, sum(number) as total, avg(number) as mean, max(small) as largest,
       count(*) > 0 as some from things;

-- name: write_in_a_read
insert into things (name) values ('sneaked in') returning id;

-- name: backend @postgres
select pg_backend_pid();

-- name: one @sqlite
select 1 as one;
-- name: one @postgres
select 1 as one;

-- name: sleep @postgres
select cast(pg_sleep(cast($1 as double precision)) as text);

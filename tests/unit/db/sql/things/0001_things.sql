-- One column of each type that the engines know, for the tests of storage.
create table things (
  id      {{id}},
  name    text unique,
  number  bigint,
  small   integer,
  ratio   {{real}},
  at      {{time}},
-- @postgres
  bytes   bytea,
-- @sqlite
  bytes   blob,
-- @end
  note    text,
  parent  bigint references things (id),
  check (small <> 13)
);

-- Operators that have been removed. What stays of them names them, so nobody else gets their ids.
create table operators_gone (
  id       text primary key,
  gone_at  {{time}} not null
);

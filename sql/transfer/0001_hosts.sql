-- Hosts that an operator's scripts may reach.

create table transfer_hosts (
  id           {{id}},
  operator_id  text not null references operators (id),
  host         text not null,              -- lower case; "*.example.com": those below it
  port         integer not null,           -- 0: any
  private      integer not null,           -- 1: its address may be in a private network
  created_at   {{time}} not null,
  unique (operator_id, host, port)
);

create view transfer_host_rows as
select id, operator_id, host, nullif(port, 0) as port, private, created_at from transfer_hosts;

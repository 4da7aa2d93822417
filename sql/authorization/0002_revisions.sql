-- How often an operator's tokens have changed: who keeps copies of them sees whether his are old.

create table token_revisions (
  operator_id  text primary key references operators (id),
  revision     bigint not null
);
insert into token_revisions (operator_id, revision) select distinct operator_id, 1 from tokens;

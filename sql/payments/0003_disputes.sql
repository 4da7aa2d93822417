-- A payment can be disputed more than once. `dispute_ref`: the gateway's own name; '' if it has none.
create table payment_disputes (
  payment_id    text not null references payments (id),
  dispute_ref   text not null,
  operator_id   text not null references operators (id),
  state         text not null check (state in ('open', 'won', 'lost')),
  amount_minor  bigint not null,
  created_at    {{time}} not null,
  ended_at      {{time}},
  primary key (payment_id, dispute_ref)
);

insert into payment_disputes (payment_id, dispute_ref, operator_id, state, amount_minor, created_at, ended_at)
select id, '', operator_id, dispute, disputed_minor, updated_at, case when dispute <> 'open' then updated_at end
from payments where dispute is not null;

-- From here on it is what disputes keep from us.
update payments set disputed_minor = 0 where dispute = 'won';

alter table payment_events add column dispute_ref text;

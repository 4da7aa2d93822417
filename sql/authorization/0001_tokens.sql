-- Who may charge. An id_tag is shown as it was written and compared by its key, in lower case.

create table tokens (
  id             {{id}},
  operator_id    text not null references operators (id),
  id_tag         text not null,
  id_tag_key     text not null,
  parent_id_tag  text,
  status         text not null check (status in ('accepted', 'blocked', 'expired', 'invalid')),
  expires_at     {{time}},
  user_id        text,
  max_active     integer check (max_active >= 0),  -- null: the configured default; 0: no limit
  created_at     {{time}} not null,
  updated_at     {{time}} not null,
  unique (operator_id, id_tag_key)
);
create index tokens_by_user on tokens (user_id, id);

-- What REST shows. Transactions that wait for reconciliation after a reboot do not count as active.
create view token_rows as
select k.id, k.id_tag, k.operator_id, k.parent_id_tag, k.status, k.expires_at, k.user_id, k.max_active,
       k.created_at, k.updated_at,
       (select count(*) from transactions t
        where t.operator_id = k.operator_id and lower(t.id_tag) = k.id_tag_key and t.state = 'active') as active,
       k.id_tag_key
from tokens k;

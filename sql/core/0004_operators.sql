-- When an operator was changed; null: not since it was made.
alter table operators add column updated_at {{time}};

-- Operators that have been removed. What stays of them names them, so nobody else gets their ids.
create table operators_gone (
  id       text primary key,
  gone_at  {{time}} not null
);

-- One who makes an operator while another removes it waits at its key, and has looked here before: this looks again, afterwards.
-- @postgres
create function operator_not_gone() returns trigger language plpgsql as $$
begin
  if exists (select 1 from operators_gone where id = new.id) then
    raise unique_violation using message = 'an operator of this id has been removed';
  end if;
  return null;
end $$;
create trigger operator_not_gone after insert on operators for each row execute function operator_not_gone();
-- @end

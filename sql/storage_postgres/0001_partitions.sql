-- Monthly partitions of every table that is partitioned by range over one timestamptz column and
-- has a default partition (messages, meter_values, and whatever a plugin makes likewise).
-- @postgres
create function make_partition(parent regclass, fallback regclass, by_column name, month timestamptz)
returns void language plpgsql set timezone to 'UTC' as $$
declare
  child text := (select relname from pg_class where oid = parent) || to_char(month, '_YYYY_MM');
  until timestamptz := month + interval '1 month';
begin
  if to_regclass(quote_ident(child)) is not null then
    return;
  end if;
  begin
    execute format('create table %I partition of %s for values from (%L) to (%L)', child, parent, month, until);
  exception when check_violation then
    -- The default partition holds rows of this month: they move into the new one.
    execute format('lock table %s in access exclusive mode', parent);
    execute format('create table %I (like %s including defaults including constraints)', child, parent);
    execute format('with moved as (delete from %s where %I >= %L and %I < %L returning *) insert into %I select * from moved',
                   fallback, by_column, month, by_column, until, child);
    execute format('alter table %s attach partition %I for values from (%L) to (%L)', parent, child, month, until);
  end;
end $$;

-- This month's and the next one's. Nodes that start together take turns.
create function make_partitions(now timestamptz)
returns void language plpgsql set timezone to 'UTC' as $$
declare
  big record;
begin
  perform pg_advisory_xact_lock(hashtext('busbar partitions'));
  for big in
    select p.partrelid::regclass as parent, p.partdefid::regclass as fallback, a.attname as by_column
    from pg_partitioned_table p
    join pg_class c on c.oid = p.partrelid
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where c.relnamespace = current_schema()::regnamespace and p.partstrat = 'r' and p.partnatts = 1
      and p.partdefid <> 0 and a.atttypid = 'timestamptz'::regtype
  loop
    perform make_partition(big.parent, big.fallback, big.by_column, date_trunc('month', now));
    perform make_partition(big.parent, big.fallback, big.by_column, date_trunc('month', now) + interval '1 month');
  end loop;
end $$;
-- @end

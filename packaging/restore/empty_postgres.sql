-- Takes away all that is in the database's own schema, so that a backup may take its place in the same
-- transaction. What belongs to extensions stays.
set local lock_timeout = '10s';
set local client_min_messages = warning;

do $$
declare
  own oid := current_schema()::regnamespace;
  statements text[];
  one text;
begin
  -- The names are all told before the first is gone; an earlier one may take a later one along.
  statements := array(
    select format('drop %s if exists %s cascade',
                  case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
                                 when 'S' then 'sequence' else 'table' end, c.oid::regclass)
    from pg_class c
    where c.relnamespace = own and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition
      and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                        and (d.deptype = 'e' or d.deptype = 'i' and c.relkind = 'S'))
  ) || array(
    select format('drop %s if exists %s cascade',
                  case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end, p.oid::regprocedure)
    from pg_proc p
    where p.pronamespace = own and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  ) || array(
    select format('drop type if exists %s cascade', t.oid::regtype)
    from pg_type t
    where t.typnamespace = own and t.typtype in ('d', 'e', 'r')
      and not exists (select 1 from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
  );
  foreach one in array statements loop
    execute one;
  end loop;
end $$;

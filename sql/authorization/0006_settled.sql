-- Whether an operator has settled anything but its tokens: where not, only these are looked up.

alter table token_revisions add column settled integer not null default 0;
insert into token_revisions (operator_id, revision, settled)
select o.id, 1, 1 from operators o
where exists (select 1 from authorization_settings s where s.operator_id = o.id)
   or exists (select 1 from authorization_stations p where p.operator_id = o.id)
on conflict (operator_id) do update set settled = 1;

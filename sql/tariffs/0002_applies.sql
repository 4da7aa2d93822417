-- Whether a version takes over sessions that run (`running`), or not (`new_sessions`).
alter table tariff_versions add column applies text not null default 'new_sessions';

drop view tariff_rows;
create view tariff_rows as
select f.id, f.operator_id, f.name, f.active, f.valid_from, f.valid_until, f.created_at, f.updated_at,
       v.version, v.currency, v.bundled, v.source, v.settings, v.applies
from tariffs f join tariff_versions v on v.tariff_id = f.id
where f.deleted_at is null
  and v.version = (select max(w.version) from tariff_versions w where w.tariff_id = f.id);

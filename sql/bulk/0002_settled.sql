-- When nothing more happens to it: it is done, or stopped and all who had been asked are through with it.
alter table bulk_commands add column settled_at {{time}};
update bulk_commands set settled_at = ended_at where state = 'done';

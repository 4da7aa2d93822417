create index files_by_link on files (link_id) where link_id is not null;

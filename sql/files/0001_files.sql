-- Files: firmware, diagnostics, logs. Their bytes are in chunks of 256 KiB, so that no statement is large.

create table files (
  id           {{id}},
  operator_id  text not null references operators (id),
  charger_id   bigint references chargers (id) on delete set null, -- who sent it; null: an admin
  link_id      bigint,                   -- the URL it came by, which may be gone
  ref          text,                     -- as its URL's maker said
  name         text not null,
  purpose      text not null,
  state        text not null check (state in ('receiving', 'stored')), -- nobody sees what is not stored
  size         bigint not null default 0,
  sha256       text,                     -- hexadecimal
  created_at   {{time}} not null,
  touched_at   {{time}} not null,        -- when a chunk came last
  check (state = 'receiving' or sha256 is not null)
);
create index files_by_operator on files (operator_id, id);
create index files_by_charger on files (charger_id, id);
create index files_by_ref on files (ref) where ref is not null;
-- What comes twice by one URL is one file.
create unique index files_once on files (link_id, sha256) where state = 'stored' and link_id is not null;

-- Without a reference to files: those of a deleted file go little by little.
create table file_chunks (
  file_id  bigint not null,
  chunk    integer not null,             -- 0, 1, ...
-- @postgres
  bytes    bytea not null,
-- @end
-- @sqlite
  bytes    blob not null,
-- @end
  primary key (file_id, chunk)
);
-- @postgres
alter table file_chunks alter column bytes set storage external; -- firmware is compressed already
-- @end

-- Files whose chunks are to go.
create table file_trash (
  file_id  bigint not null primary key
);

-- URLs that need no key. The token itself is not stored.
create table file_links (
  id           {{id}},
  operator_id  text not null references operators (id),
  token_hash   text not null unique,     -- SHA-256, hexadecimal
  direction    text not null check (direction in ('offer', 'receive')),
  charger_id   bigint not null references chargers (id) on delete cascade,
  file_id      bigint references files (id) on delete cascade,
  purpose      text,
  ref          text,
  max_bytes    bigint,                   -- null: what the configuration allows
  valid_until  {{time}} not null,
  created_at   {{time}} not null,
  check (direction = 'receive' or file_id is not null),
  check (direction = 'offer' or purpose is not null)
);
create index file_links_by_ref on file_links (ref) where ref is not null;
create index file_links_by_file on file_links (file_id);
create index file_links_by_charger on file_links (charger_id);
create index file_links_by_end on file_links (valid_until);

-- What everybody may see.
create view stored_files as
select f.id, f.operator_id, f.charger_id, c.charge_point_id, f.name, f.purpose, f.ref, f.size, f.sha256, f.created_at
from files f left join chargers c on c.id = f.charger_id
where f.state = 'stored';

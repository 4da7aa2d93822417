-- What is stored; $2 is the operator, null for any.

-- name: file_get
select id, operator_id, charger_id, charge_point_id, name, purpose, ref, size, sha256, created_at
from stored_files
where id = $1 and (cast($2 as text) is null or operator_id = $2);

-- name: file_list
select id as cursor, id, operator_id, charger_id, charge_point_id, name, purpose, ref, size, sha256, created_at
from stored_files
where (cast($1 as text) is null or operator_id = $1)
  and (cast($2 as text) is null or purpose = $2)
  and (cast($3 as text) is null or charge_point_id = $3)
  and (cast($4 as text) is null or ref = $4)
  and (cast($5 as bigint) is null or id < $5)
order by id desc
limit cast($6 as integer);

-- name: file_same
select id, operator_id, charger_id, charge_point_id, name, purpose, ref, size, sha256, created_at
from stored_files
where id = (select f.id from files f where f.link_id = $1 and f.sha256 = $2 and f.state = 'stored');

-- name: chunk_get
select c.bytes from file_chunks c join files f on f.id = c.file_id
where c.file_id = $1 and c.chunk = $2 and f.state = 'stored';

-- Receiving. A chunk is stored only with the row of its file, which the statement before it has locked.

-- name: operator_bytes
select coalesce(sum(size), 0) as bytes from files where operator_id = $1;

-- name: file_begin
insert into files (operator_id, charger_id, link_id, ref, name, purpose, state, created_at, touched_at)
values ($1, $2, $3, $4, $5, $6, 'receiving', $7, $7)
returning id;

-- name: file_touch
update files set size = $2, touched_at = $3 where id = $1 and state = 'receiving' returning id;

-- name: chunk_add
insert into file_chunks (file_id, chunk, bytes)
select f.id, cast($2 as integer), $3 from files f where f.id = $1 and f.state = 'receiving'
returning file_id;

-- Files of one operator end one after the other, so that each sees the ones before it.
-- name: file_finish_lock @postgres
select id from operators where id = $1 for no key update;

-- name: file_finish_lock @sqlite
select id from operators where id = $1;

-- $5: the most bytes that an operator may have; $6: the most files by one URL.
-- name: file_finish
update files set state = 'stored', name = $2, size = $3, sha256 = $4
where id = $1 and state = 'receiving'
  and (select coalesce(sum(o.size), 0) from files o where o.operator_id = files.operator_id and o.id <> $1)
      + cast($3 as bigint) <= cast($5 as bigint)
  and (link_id is null
       or (select count(*) from files o where o.link_id = files.link_id and o.state = 'stored') < cast($6 as bigint))
returning id;

-- name: link_count
select count(*) as files from files where link_id = $1 and state = 'stored';

-- name: file_discard
delete from files where id = $1 and state = 'receiving';

-- name: file_delete
delete from files where id = $1 and state = 'stored';

-- name: trash_add
insert into file_trash (file_id)
select cast($1 as bigint) where not exists (select 1 from files f where f.id = $1)
on conflict do nothing;

-- Sweeping.

-- name: stale_next
select id from files where state = 'receiving' and touched_at < $1 and id > $2 order by id limit 1;

-- What chargers sent before $1.
-- name: old_next
select id from files
where state = 'stored' and link_id is not null and created_at < $1 and id > $2
order by id limit 1;

-- name: trash_next
select file_id from file_trash order by file_id limit 1;

-- name: trash_chunks
delete from file_chunks
where file_id = $1
  and chunk in (select c.chunk from file_chunks c where c.file_id = $1 order by c.chunk limit 32);

-- name: trash_done
delete from file_trash
where file_id = $1 and not exists (select 1 from file_chunks c where c.file_id = $1);

-- name: links_clean
delete from file_links where valid_until < $1;

-- URLs.

-- A file or a charger that is not there, or of another operator, becomes a null that is refused.
-- name: link_offer
insert into file_links (operator_id, token_hash, direction, charger_id, file_id, ref, valid_until, created_at)
values ((select c.operator_id from chargers c where c.id = $2), $1, 'offer', $2,
        (select f.id from files f join chargers c on c.operator_id = f.operator_id
         where f.id = $3 and c.id = $2 and f.state = 'stored'),
        $4, $5, $6);

-- name: link_receive
insert into file_links (operator_id, token_hash, direction, charger_id, purpose, ref, max_bytes, valid_until, created_at)
values ((select c.operator_id from chargers c where c.id = $2), $1, 'receive', $2, $3, $4, $5, $6, $7);

-- name: link_withdraw
update file_links set valid_until = $2 where ref = $1 and valid_until > $2;

-- name: link_file
select f.id, f.operator_id, f.charger_id, f.charge_point_id, f.name, f.purpose, f.ref, f.size, f.sha256, f.created_at
from file_links l join stored_files f on f.id = l.file_id
where l.token_hash = $1 and l.direction = 'offer' and l.valid_until > $2;

-- With what has come by the URL, and what is on its way.
-- name: link_upload
select l.id, l.operator_id, l.charger_id, l.purpose, l.ref, l.max_bytes,
       (select coalesce(sum(o.size), 0) from files o where o.operator_id = l.operator_id) as bytes,
       (select count(*) from files f where f.link_id = l.id and f.state = 'stored') as files,
       (select coalesce(max(f.size), 0) from files f where f.link_id = l.id and f.state = 'stored') as largest,
       (select count(*) from files f where f.link_id = l.id and f.state = 'receiving') as coming
from file_links l
where l.token_hash = $1 and l.direction = 'receive' and l.valid_until > $2;

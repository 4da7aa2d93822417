-- SQLite builds a table in memory for each row whose check has a list of more than two words. The core alone writes the kind, and knows
-- no others. This is how SQLite takes a constraint away without copying the table (sqlite.org/lang_altertable.html, part 7).
-- @sqlite
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, ' check (kind in (''call'', ''result'', ''error'', ''invalid''))', '')
where type = 'table' and name = 'messages';
pragma writable_schema = reset;
-- @end

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite.h"

/* What statements need while they run, most of it less than a row: SQLite's own has room for a few
 * of them, and asks malloc() for the others. */
#define SLOT_BYTES 2048
#define SLOTS 256

/* When the WAL is copied into the database is checkpoint.c's; it is kept at 64 MiB at most. */
static const char *const settings[] = {
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma temp_store = memory",
    "pragma wal_autocheckpoint = 0",
    "pragma journal_size_limit = 67108864",
};

static int fail(struct connection *c, int rc, const char *what, char *error, uint32_t size)
{
	snprintf(error, size, "%s: %s", what, c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(rc));
	return -EIO;
}

static int exec(struct connection *c, const char *sql)
{
	return sqlite3_exec(c->db, sql, NULL, NULL, NULL);
}

static int is_wal(void *arg, int n, char **values, char **names)
{
	(void)names;
	*(bool *)arg = n == 1 && values[0] && !strcmp(values[0], "wal");
	return 0;
}

static int set_up(struct connection *c, const struct config *cfg, bool writes)
{
	char cache[64];
	snprintf(cache, sizeof cache, "pragma cache_size = -%lld",
		 (long long)(cfg->cache_bytes / 1024));
	int rc = exec(c, cache);
	for (size_t i = 0; i < sizeof settings / sizeof *settings && !rc; i++)
		rc = exec(c, settings[i]);
	if (!rc && !writes)
		rc = exec(c, "pragma query_only = on");
	return rc;
}

int connection_open(struct connection *c, const struct config *cfg, bool writes, char *error,
		    uint32_t size)
{
	bool wal = false;
	c->reads = !writes;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int rc = sqlite3_open_v2(cfg->path, &c->db, flags, NULL);
	if (rc)
		return fail(c, rc, cfg->path, error, size);
	sqlite3_extended_result_codes(c->db, 1);
	sqlite3_busy_timeout(c->db, (int)cfg->busy_ms);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, SLOT_BYTES, SLOTS);
	rc = sqlite3_exec(c->db, "pragma journal_mode = wal", is_wal, &wal, NULL);
	if (!rc)
		rc = set_up(c, cfg, writes);
	if (rc)
		return fail(c, rc, cfg->path, error, size);
	if (!wal) {
		snprintf(error, size, "%s: this file cannot have a write-ahead log", cfg->path);
		return -EIO;
	}
	return 0;
}

void connection_close(struct connection *c)
{
	for (uint32_t i = 0; i < c->count; i++) {
		variants_free(&c->statements[i]);
		statement_free(&c->statements[i].plain);
	}
	free(c->statements);
	sqlite3_close(c->db);
	*c = (struct connection){0};
}

int connection_prepare(struct connection *c, const struct bb_storage_query *queries, uint32_t count)
{
	c->statements = calloc(count + 1, sizeof *c->statements);
	if (!c->statements)
		return -ENOMEM;
	c->queries = queries;
	c->count = count;
	return 0;
}

int connection_script(struct connection *c, const char *sql, char *error, uint32_t size)
{
	int rc = exec(c, "begin immediate");
	if (!rc)
		rc = exec(c, sql);
	if (!rc)
		rc = exec(c, "commit");
	if (!rc)
		return 0;
	snprintf(error, size, "%s", sqlite3_errmsg(c->db));
	if (!sqlite3_get_autocommit(c->db))
		exec(c, "rollback");
	return -EIO;
}

/* Those of the statement go with it. */
static const char *const *copy_names(struct bb_arena *arena, const struct bb_rows *rows)
{
	const char **names = bb_alloc(arena, rows->columns * sizeof *names);
	for (uint32_t i = 0; i < rows->columns; i++)
		names[i] = bb_strdup(arena, rows->names[i]);
	return names;
}

int connection_select(struct connection *c, struct bb_arena *arena, const char *sql,
		      struct bb_rows *ret, char *error, uint32_t size)
{
	struct statement s = {0};
	struct bb_rows rows;
	int rc = statement_prepare(c->db, sql, &s);
	if (!rc)
		rc = statement_run(c->db, &s, NULL, arena, &rows);
	if (rc)
		snprintf(error, size, "%s", sqlite3_errmsg(c->db));
	else
		rows.names = copy_names(arena, &rows);
	statement_free(&s);
	if (rc)
		return -EIO;
	*ret = rows;
	return 0;
}

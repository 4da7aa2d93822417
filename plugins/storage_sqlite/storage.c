/* The engine's side of <busbar/storage.h>. */
#include <errno.h>
#include <stdio.h>

#include "sqlite.h"

static uint32_t lanes(void *self)
{
	(void)self;
	return 1;
}

static int script(void *self, const char *sql, char *error, uint32_t size)
{
	struct engine *e = self;
	return connection_script(&e->writer.connection, sql, error, size);
}

static int select_now(void *self, struct bb_arena *arena, const char *sql, struct bb_rows *ret,
		      char *error, uint32_t size)
{
	struct engine *e = self;
	return connection_select(&e->writer.connection, arena, sql, ret, error, size);
}

/* The writer has all at once, so that a bad one is found now; readers prepare what they are
 * asked. */
static int prepare(void *self, const struct bb_storage_query *queries, uint32_t count,
		   uint32_t *ret_bad, char *error, uint32_t size)
{
	struct engine *e = self;
	int err = connection_prepare(&e->writer.connection, queries, count);
	for (uint32_t i = 0; i < e->reader_count && !err; i++)
		err = connection_prepare(&e->readers[i].connection, queries, count);
	for (uint32_t i = 0; i < count && !err; i++) {
		struct connection *c = &e->writer.connection;
		struct statement *s = &c->statements[i].plain;
		int rc = statement_prepare(c->db, queries[i].sql, s);
		if (!rc && !s->writes)
			rc = variants_check(c->db, queries[i].sql);
		if (!rc)
			continue;
		*ret_bad = i;
		snprintf(error, size, "%s", sqlite3_errmsg(c->db));
		return -EINVAL;
	}
	return err;
}

static int run(void *self, struct bb_storage_unit *first, bb_storage_done_fn *done, void *arg)
{
	struct engine *e = self;
	return job_submit(&e->writing, first, done, arg);
}

static int read_unit(void *self, struct bb_storage_unit *unit, bb_storage_done_fn *done, void *arg)
{
	struct engine *e = self;
	return job_submit(&e->reading, unit, done, arg);
}

static bool healthy(void *self)
{
	const struct engine *e = self;
	return e->healthy;
}

const struct bb_storage sqlite_storage = {
    .size = sizeof sqlite_storage,
    .dialect = "sqlite",
    .lanes = lanes,
    .script = script,
    .select = select_now,
    .prepare = prepare,
    .run = run,
    .read = read_unit,
    .healthy = healthy,
};

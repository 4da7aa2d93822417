/* Big tables are partitioned by month (sql/storage_postgres). Making a partition waits for locks,
 * so it has a connection of its own, on the pool, except at the start. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define DAY_MS ((uint64_t)24 * 60 * 60 * 1000)
#define LOCK_TIMEOUT "set lock_timeout to '5s'"

struct making {
	struct engine *engine;
	int64_t now_ms;
	char error[ERROR_SIZE];
};

static bool make(PGconn *conn, const char *sql, int64_t now_ms, char *error, size_t size)
{
	char now[32];
	const char *const values[] = {now};
	snprintf(now, sizeof now, "%lld", (long long)now_ms);
	PQclear(PQexec(conn, LOCK_TIMEOUT));
	PGresult *r = PQexecParams(conn, sql, 1, NULL, values, NULL, NULL, 0);
	bool ok = PQresultStatus(r) == PGRES_TUPLES_OK;
	if (!ok)
		snprintf(error, size, "%s", PQerrorMessage(conn));
	PQclear(r);
	PQclear(PQexec(conn, "reset lock_timeout"));
	return ok;
}

static void complain(struct engine *e, const char *error)
{
	e->api->log(e->bb, BB_WARN, "cannot make this month's partitions: %s", error);
}

static void on_pool(void *arg)
{
	struct making *m = arg;
	PGconn *conn = connect_now(&m->engine->cfg, false, m->error, sizeof m->error);
	if (conn)
		make(conn, m->engine->partitions_sql, m->now_ms, m->error, sizeof m->error);
	PQfinish(conn);
}

static void on_made(void *arg)
{
	struct making *m = arg;
	struct engine *e = m->engine;
	e->making_partitions = false;
	if (m->error[0] && !e->stopped)
		complain(e, m->error);
	free(m);
	engine_release(e);
}

static void on_day(void *arg)
{
	struct engine *e = arg;
	struct making *m = e->making_partitions ? NULL : calloc(1, sizeof *m);
	if (!m)
		return;
	m->engine = e;
	m->now_ms = e->api->now_ms();
	e->making_partitions = !e->api->offload(e->bb, on_pool, on_made, m);
	if (!e->making_partitions)
		free(m);
}

void partitions_start(struct engine *e, PGconn *conn)
{
	char error[ERROR_SIZE];
	if (!e->partitions_sql)
		return;
	if (!make(conn, e->partitions_sql, e->api->now_ms(), error, sizeof error))
		complain(e, error);
	e->daily = e->api->timer(e->bb, DAY_MS, true, on_day, e);
}

void partitions_stop(struct engine *e)
{
	if (e->daily)
		e->api->release(e->daily);
	e->daily = NULL;
}

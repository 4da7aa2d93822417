/* Connections are made on the pool, because resolving names and shaking hands block; one at a
 * time, so that a server that is away does not fill the pool. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define FIRST_BACKOFF_MS 100
#define LONGEST_BACKOFF_MS 2000

/* What the conversions and the durability promise rest on. A server set to remote_apply or the
 * like stays so: only a commit that does not wait for the disk is refused. */
static const char *const settings[] = {
    "set timezone to 'UTC'",
    "set datestyle to 'ISO'",
    "set bytea_output to 'hex'",
    "set extra_float_digits to 1",
    /* Compiling a query takes longer than any of ours runs. */
    "set jit to off",
    ("select set_config('synchronous_commit', 'on', false) "
     "where current_setting('synchronous_commit') = 'off'"),
};

static const char reading[] = "set default_transaction_read_only to on";
/* What writes goes by keys: one plan serves every value, and planning it each time, over all
 * partitions, costs more than running it. Reads have optional filters and are planned by value. */
static const char writing[] = "set plan_cache_mode to force_generic_plan";

struct attempt {
	struct engine *engine;
	struct lane *lane;
	PGconn *conn;
	char error[ERROR_SIZE];
};

static void ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static bool exec(PGconn *conn, const char *sql)
{
	PGresult *r = PQexec(conn, sql);
	bool ok = PQresultStatus(r) != PGRES_FATAL_ERROR;
	PQclear(r);
	return ok;
}

static bool set_up(PGconn *conn, bool reads)
{
	bool ok = exec(conn, reads ? reading : writing);
	for (size_t i = 0; i < sizeof settings / sizeof *settings && ok; i++)
		ok = exec(conn, settings[i]);
	return ok;
}

/* libpq quotes a URL that it cannot read, with its password. */
static bool readable(const char *url)
{
	PQconninfoOption *o = PQconninfoParse(url, NULL);
	PQconninfoFree(o);
	return o;
}

static PGconn *dial(const struct config *cfg)
{
	char timeout[16];
	snprintf(timeout, sizeof timeout, "%d", (int)(cfg->connect_ms / 1000));
	/* In front of the URL, which may say otherwise; a peer that has vanished without a word
	 * is noticed in 20 s. */
	const char *const keys[] = {
	    "connect_timeout",  "keepalives_idle",  "keepalives_interval",
	    "keepalives_count", "tcp_user_timeout", "fallback_application_name",
	    "dbname",           "client_encoding",  NULL};
	const char *const values[] = {timeout,  "10",     "3",    "3", "20000",
				      "busbar", cfg->url, "UTF8", NULL};
	return PQconnectdbParams(keys, values, 1);
}

PGconn *connect_now(const struct config *cfg, bool reads, char *error, size_t size)
{
	if (!readable(cfg->url)) {
		snprintf(error, size, "the option url is not a PostgreSQL URL");
		return NULL;
	}
	PGconn *conn = dial(cfg);
	PQsetNoticeProcessor(conn, ignore_notice, NULL);
	if (PQstatus(conn) == CONNECTION_OK && set_up(conn, reads))
		return conn;
	snprintf(error, size, "%s", PQerrorMessage(conn));
	error[strcspn(error, "\n")] = '\0';
	PQfinish(conn);
	return NULL;
}

static void on_pool(void *arg)
{
	struct attempt *a = arg;
	a->conn = connect_now(&a->engine->cfg, a->lane->reads, a->error, sizeof a->error);
}

static void on_retry(void *arg)
{
	struct engine *e = arg;
	e->retry = NULL;
	connect_missing(e);
}

static void retry_later(struct engine *e, const char *error)
{
	if (!e->backoff_ms)
		e->api->log(e->bb, BB_WARN, "cannot connect: %s", error);
	e->backoff_ms = e->backoff_ms ? e->backoff_ms * 2 : FIRST_BACKOFF_MS;
	if (e->backoff_ms > LONGEST_BACKOFF_MS)
		e->backoff_ms = LONGEST_BACKOFF_MS;
	e->retry = e->api->timer(e->bb, e->backoff_ms, false, on_retry, e);
}

/* The first writer and the first reader go before the others. */
static struct lane *missing(struct engine *e)
{
	struct lane *reader = &e->lanes[e->writer_count];
	if (e->lanes[0].conn && !reader->conn)
		return reader;
	for (uint32_t i = 0; i < e->lane_count; i++)
		if (!e->lanes[i].conn)
			return &e->lanes[i];
	return NULL;
}

static void on_connected(void *arg)
{
	struct attempt *a = arg;
	struct engine *e = a->engine;
	e->connecting = false;
	if (e->stopped) {
		PQfinish(a->conn);
	} else if (a->conn) {
		e->backoff_ms = 0;
		lane_open(a->lane, a->conn, false);
		connect_missing(e);
	} else {
		retry_later(e, a->error);
	}
	free(a);
	engine_release(e);
}

void connect_missing(struct engine *e)
{
	struct lane *lane = missing(e);
	if (e->stopped || e->connecting || e->retry || !lane)
		return;
	struct attempt *a = calloc(1, sizeof *a);
	if (!a)
		abort();
	a->engine = e;
	a->lane = lane;
	e->connecting = !e->api->offload(e->bb, on_pool, on_connected, a);
	if (!e->connecting) {
		free(a);
		retry_later(e, "no thread for it");
	}
}

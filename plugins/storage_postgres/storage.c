/* The engine's side of <busbar/storage.h>. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <busbar/optional.h>

#include "postgres.h"

#define PARTITIONS "storage_postgres/make_partitions"

void job_add(struct job_list *l, struct job *j)
{
	j->next = NULL;
	*l->end = j;
	l->end = &j->next;
}

struct job *job_take(struct job_list *l)
{
	struct job *j = l->first;
	if (j && !(l->first = j->next))
		l->end = &l->first;
	return j;
}

void jobs_deliver(struct engine *e)
{
	for (struct job *j; (j = job_take(&e->lost));) {
		if (j->done)
			j->done(-EAGAIN, j->arg);
		free(j);
	}
}

static void on_post(void *arg)
{
	struct engine *e = arg;
	e->posted = false;
	jobs_deliver(e);
	engine_release(e);
}

void jobs_deliver_soon(struct engine *e)
{
	if (!e->posted)
		e->posted = !e->api->post(e->bb, on_post, e);
}

void engine_release(struct engine *e)
{
	if (!e->finished || e->posted || e->connecting || e->making_partitions)
		return;
	for (uint32_t i = 0; i < e->query_count + e->variant_count; i++) {
		free((char *)e->queries[i].sql);
		free(e->queries[i].types);
	}
	free(e->queries);
	bb_bytes_free(&e->arrays);
	free((char *)e->cfg.url);
	free(e);
}

static uint32_t lanes(void *self)
{
	const struct engine *e = self;
	uint32_t n = 0;
	for (uint32_t i = 0; i < e->writer_count; i++)
		n += e->lanes[i].conn != NULL;
	return n ? n : 1;
}

static uint32_t line_of(const char *sql, const char *position)
{
	uint32_t line = 1;
	long characters = strtol(position, NULL, 10);
	/* No caller has a NULL: copy_queries() sees to it. */
	for (; *sql && characters > 1; sql++) { // NOLINT(clang-analyzer-core.NullDereference)
		line += *sql == '\n';
		characters -= (*sql & 0xc0) != 0x80; /* not within a UTF-8 sequence */
	}
	return line;
}

/* The message without libpq's "ERROR:  " in front of it, and the line of the SQL. */
static int fail(PGconn *conn, const PGresult *r, const char *sql, char *error, uint32_t size)
{
	const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);
	const char *at = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
	int len = snprintf(error, size, "%s%s%s", text ? text : PQerrorMessage(conn),
			   detail ? ": " : "", detail ? detail : "");
	if (at && len > 0 && (uint32_t)len < size)
		snprintf(error + len, size - (uint32_t)len, ", in line %u", line_of(sql, at));
	return -EIO;
}

/* Several statements in one string are one transaction. */
static int script(void *self, const char *sql, char *error, uint32_t size)
{
	struct engine *e = self;
	PGresult *r = PQexec(e->lanes[0].conn, sql);
	int err = 0;
	if (PQresultStatus(r) == PGRES_FATAL_ERROR)
		err = fail(e->lanes[0].conn, r, sql, error, size);
	PQclear(r);
	return err;
}

static int select_now(void *self, struct bb_arena *arena, const char *sql, struct bb_rows *ret,
		      char *error, uint32_t size)
{
	struct engine *e = self;
	PGresult *r = PQexec(e->lanes[0].conn, sql);
	int err = 0;
	if (PQresultStatus(r) == PGRES_TUPLES_OK)
		result_rows(r, arena, ret);
	else
		err = fail(e->lanes[0].conn, r, sql, error, size);
	PQclear(r);
	return err;
}

static int copy_queries(struct engine *e, const struct bb_storage_query *queries, uint32_t count)
{
	e->queries = calloc(variants_room(count), sizeof *e->queries);
	if (!e->queries)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		snprintf(e->queries[i].name, sizeof e->queries[i].name, "q%u", i);
		e->queries[i].title = queries[i].name;
		e->queries[i].sql = strdup(queries[i].sql);
		e->query_count++;
		if (!strcmp(queries[i].name, PARTITIONS))
			e->partitions_sql = e->queries[i].sql;
		if (!e->queries[i].sql)
			return -ENOMEM;
		e->queries[i].optional = bb_optional_parameters(queries[i].sql);
	}
	many_find(e);
	return 0;
}

/* As it is written, and as readers have it with none and with all of its optional conditions; how
 * many answers that has. */
static int send_prepare(PGconn *conn, const struct query *q)
{
	int sent = PQsendPrepare(conn, q->name, q->sql, 0, NULL);
	if (q->optional)
		sent += variants_send(conn, q, q->optional) + variants_send(conn, q, 0);
	if (q->base)
		sent += PQsendDescribePrepared(conn, q->name);
	return sent;
}

/* After the first bad one of all the server skips the others. */
static int read_prepared(PGconn *conn, struct query *q, int sent, char *error, uint32_t size)
{
	int err = 0;
	for (int i = 0; i < sent; i++) {
		PGresult *r = PQgetResult(conn);
		if (PQresultStatus(r) != PGRES_COMMAND_OK && !err)
			err = fail(conn, r, q->sql, error, size);
		if (!err && q->base && i == sent - 1)
			err = many_described(q, r, error, size);
		PQclear(r);
		PQclear(PQgetResult(conn)); /* NULL: the end of this one */
	}
	return err;
}

/* All in one round trip. */
static int prepare_all(struct engine *e, uint32_t *ret_bad, char *error, uint32_t size)
{
	PGconn *conn = e->lanes[0].conn;
	int *sent = calloc(e->query_count + 1, sizeof *sent);
	int err = sent ? 0 : -ENOMEM;
	PQenterPipelineMode(conn);
	for (uint32_t i = 0; i < e->query_count && sent; i++)
		sent[i] = send_prepare(conn, &e->queries[i]);
	PQpipelineSync(conn);
	for (uint32_t i = 0; i < e->query_count && sent; i++) {
		char text[ERROR_SIZE];
		int bad = read_prepared(conn, &e->queries[i], sent[i], text, sizeof text);
		if (!bad || err)
			continue;
		*ret_bad = i;
		err = bad;
		snprintf(error, size, "%s", text);
	}
	free(sent);
	PQclear(PQgetResult(conn)); /* the sync */
	PQexitPipelineMode(conn);
	return err;
}

static int prepare(void *self, const struct bb_storage_query *queries, uint32_t count,
		   uint32_t *ret_bad, char *error, uint32_t size)
{
	struct engine *e = self;
	struct lane *reader = &e->lanes[e->writer_count];
	int err = copy_queries(e, queries, count);
	if (!err)
		err = prepare_all(e, ret_bad, error, size);
	if (err)
		return err;
	partitions_start(e, e->lanes[0].conn);
	lane_open(&e->lanes[0], e->lanes[0].conn, true);
	lane_open(reader, reader->conn, false);
	connect_missing(e);
	return 0;
}

static int run(void *self, struct bb_storage_unit *first, bb_storage_done_fn *done, void *arg)
{
	struct engine *e = self;
	for (uint32_t i = 0; i < e->writer_count; i++)
		if (e->lanes[i].conn && !e->lanes[i].depth)
			return lane_run(&e->lanes[i], first, done, arg);
	return -EAGAIN;
}

static int read_unit(void *self, struct bb_storage_unit *unit, bb_storage_done_fn *done, void *arg)
{
	struct engine *e = self;
	struct lane *best = NULL;
	for (uint32_t i = e->writer_count; i < e->lane_count; i++) {
		struct lane *l = &e->lanes[i];
		if (l->conn && (!best || l->depth < best->depth))
			best = l;
	}
	return best ? lane_run(best, unit, done, arg) : -EAGAIN;
}

static bool any_connected(const struct lane *l, uint32_t count)
{
	while (count && !l->conn) {
		l++;
		count--;
	}
	return count;
}

static bool healthy(void *self)
{
	const struct engine *e = self;
	return any_connected(e->lanes, e->writer_count) &&
	       any_connected(e->lanes + e->writer_count, e->lane_count - e->writer_count);
}

const struct bb_storage postgres_storage = {
    .size = sizeof postgres_storage,
    .dialect = "postgres",
    .lanes = lanes,
    .script = script,
    .select = select_now,
    .prepare = prepare,
    .run = run,
    .read = read_unit,
    .healthy = healthy,
};

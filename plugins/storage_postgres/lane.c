/* One connection on the loop. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

static void free_poll(uv_handle_t *h)
{
	free(h);
}

static void on_ready(uv_poll_t *poll, int status, int events);

/* libpq reads whenever it likes, and says here whether it has more to write. */
static bool want(struct lane *l)
{
	int unsent = PQflush(l->conn);
	int events = UV_READABLE | (unsent == 1 ? UV_WRITABLE : 0);
	if (unsent < 0)
		return false;
	if (events != l->events)
		uv_poll_start(l->poll, events, on_ready);
	l->events = events;
	return true;
}

void lane_open(struct lane *l, PGconn *conn, bool all_prepared)
{
	struct engine *e = l->engine;
	l->conn = conn;
	l->stale = false;
	l->events = 0;
	l->prepared = calloc(variants_room(e->query_count), 1); /* UNPREPARED */
	l->poll = malloc(sizeof *l->poll);
	if (!l->prepared || !l->poll)
		abort();
	if (all_prepared)
		memset(l->prepared, PREPARED, e->query_count);
	PQsetnonblocking(conn, 1);
	PQenterPipelineMode(conn);
	uv_poll_init(e->api->uv_loop(), l->poll, PQsocket(conn));
	l->poll->data = l;
	want(l);
	if (e->away_said && postgres_storage.healthy(e)) {
		e->away_said = false;
		e->api->log(e->bb, BB_INFO, "the database is back");
	}
}

static void say_away(struct engine *e, const char *why)
{
	if (e->away_said || postgres_storage.healthy(e))
		return;
	e->away_said = true;
	e->api->log(e->bb, BB_ERROR, "the database is away: %s", why);
}

void lane_lose(struct lane *l, const char *why)
{
	char text[ERROR_SIZE];
	if (!l->conn)
		return;
	snprintf(text, sizeof text, "%s", why ? why : "");
	text[strcspn(text, "\n")] = '\0';
	if (l->poll)
		uv_close((uv_handle_t *)l->poll, free_poll);
	PQfinish(l->conn);
	free(l->prepared);
	l->conn = NULL;
	l->poll = NULL;
	l->prepared = NULL;
	l->depth = 0;
	for (struct job *j; (j = job_take(&l->jobs));)
		job_add(&l->engine->lost, j);
	if (l->engine->stopped)
		return;
	say_away(l->engine, text);
	jobs_deliver_soon(l->engine);
	connect_missing(l->engine);
}

static struct job *job_new(struct lane *l, struct bb_storage_unit *units, bb_storage_done_fn *done,
			   void *arg)
{
	struct job *j = calloc(1, sizeof *j);
	if (!j)
		abort();
	*j = (struct job){.units = units, .done = done, .arg = arg};
	job_add(&l->jobs, j);
	l->depth += units != NULL;
	return j;
}

static void run_job(struct lane *l, struct job *j)
{
	if (!pipeline_send(l, j) || !want(l))
		lane_lose(l, PQerrorMessage(l->conn));
}

/* From here on the job ends through the loop, also when sending it has failed. */
int lane_run(struct lane *l, struct bb_storage_unit *units, bb_storage_done_fn *done, void *arg)
{
	run_job(l, job_new(l, units, done, arg));
	return 0;
}

static void run_again(struct lane *l, const struct job *j)
{
	struct job *again = job_new(l, j->units, j->done, j->arg);
	again->apart = j->apart;
	run_job(l, again);
}

static void roll_back(struct lane *l)
{
	struct job *j = job_new(l, NULL, NULL, NULL);
	if (!pipeline_send_rollback(l, j) || !want(l))
		l->stale = true;
}

/* The job's sync has come: all of it is answered. */
static void job_end(struct lane *l)
{
	struct job *j = job_take(&l->jobs);
	l->depth -= j->units != NULL;
	if (PQtransactionStatus(l->conn) == PQTRANS_INERROR)
		roll_back(l);
	if (l->stale)
		lane_lose(l, "the connection is of no more use");
	if (j->again && l->conn)
		run_again(l, j);
	else if (j->done)
		j->done(j->again ? -EAGAIN : j->err, j->arg);
	free(j);
}

/* Ending a job may run the next one on this lane, or lose it. */
static void read_answers(struct lane *l)
{
	while (l->conn && l->jobs.first && !PQisBusy(l->conn)) {
		PGresult *r = PQgetResult(l->conn);
		bool sync = r && PQresultStatus(r) == PGRES_PIPELINE_SYNC;
		if (r && !sync)
			pipeline_answer(l, l->jobs.first, r);
		PQclear(r);
		if (sync)
			job_end(l);
		else if (PQstatus(l->conn) == CONNECTION_BAD)
			return;
	}
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct lane *l = poll->data;
	(void)events;
	bool alive = !status && PQconsumeInput(l->conn);
	read_answers(l);
	if (!l->conn || l->poll != poll)
		return;
	alive = alive && PQstatus(l->conn) == CONNECTION_OK && want(l);
	if (!alive)
		lane_lose(l, PQerrorMessage(l->conn));
}

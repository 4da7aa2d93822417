#include <errno.h>
#include <stdlib.h>

#include "sqlite.h"

#define ERROR_SIZE 1024

void job_add(struct job_list *l, struct job *j)
{
	j->next = NULL;
	*l->end = j;
	l->end = &j->next;
}

static struct job *take_all(struct job_list *l)
{
	struct job *first = l->first;
	l->first = NULL;
	l->end = &l->first;
	return first;
}

static void queue_open(struct queue *q)
{
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->filled, NULL);
	q->jobs.end = &q->jobs.first;
}

static void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->filled);
	pthread_mutex_unlock(&q->lock);
}

/* Waits for one; NULL once the queue is closed and empty. */
static struct job *queue_take(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (!q->jobs.first && !q->closed)
		pthread_cond_wait(&q->filled, &q->lock);
	struct job *j = q->jobs.first;
	if (j && !(q->jobs.first = j->next))
		q->jobs.end = &q->jobs.first;
	pthread_mutex_unlock(&q->lock);
	return j;
}

int job_submit(struct queue *q, struct bb_storage_unit *units, bb_storage_done_fn *done, void *arg)
{
	struct job *j = malloc(sizeof *j);
	if (!j)
		return -EAGAIN;
	*j = (struct job){.units = units, .done = done, .arg = arg};
	pthread_mutex_lock(&q->lock);
	bool closed = q->closed;
	if (!closed)
		job_add(&q->jobs, j);
	pthread_cond_signal(&q->filled);
	pthread_mutex_unlock(&q->lock);
	if (closed)
		free(j);
	return closed ? -EAGAIN : 0;
}

void jobs_deliver(struct engine *e)
{
	pthread_mutex_lock(&e->lock);
	struct job *j = take_all(&e->ended);
	pthread_mutex_unlock(&e->lock);
	while (j) {
		struct job *next = j->next;
		health_note(e, j);
		j->done(j->err, j->arg);
		free(j);
		j = next;
	}
}

static void on_post(void *arg)
{
	struct engine *e = arg;
	pthread_mutex_lock(&e->lock);
	e->posted = false;
	pthread_mutex_unlock(&e->lock);
	if (e->gone)
		free(e);
	else
		jobs_deliver(e);
}

static void job_end(struct engine *e, struct job *j)
{
	pthread_mutex_lock(&e->lock);
	job_add(&e->ended, j);
	bool post = !e->posted;
	e->posted = true;
	pthread_mutex_unlock(&e->lock);
	if (post)
		e->api->post(e->bb, on_post, e);
}

static void *write_all(void *arg)
{
	struct worker *w = arg;
	for (struct job *j; (j = queue_take(w->queue));) {
		j->err = j->units ? run_batch(&w->connection, j->units) : run_probe(&w->connection);
		job_end(w->engine, j);
		checkpoint_finish(&w->engine->checkpoint, &w->connection);
	}
	return NULL;
}

static void *read_all(void *arg)
{
	struct worker *w = arg;
	for (struct job *j; (j = queue_take(w->queue));) {
		j->err = run_read(&w->connection, j->units);
		job_end(w->engine, j);
	}
	return NULL;
}

static int fail(struct engine *e, const char *error, int err)
{
	e->api->log(e->bb, BB_ERROR, "%s", error);
	return err;
}

static int worker_start(struct worker *w, struct engine *e, struct queue *queue,
			void *(*work)(void *))
{
	w->engine = e;
	w->queue = queue;
	int err = -pthread_create(&w->thread, NULL, work, w);
	w->running = !err;
	return err ? fail(e, "no thread for the database", err) : 0;
}

static int writer_start(struct engine *e)
{
	char error[ERROR_SIZE];
	struct connection *c = &e->writer.connection;
	int err = owner_take(e, error, sizeof error);
	if (!err)
		err = connection_open(c, e->cfg, true, error, sizeof error);
	if (!err)
		err = checkpoint_start(&e->checkpoint, c, e->cfg, error, sizeof error);
	return err ? fail(e, error, err) : worker_start(&e->writer, e, &e->writing, write_all);
}

static int reader_start(struct engine *e)
{
	char error[ERROR_SIZE];
	struct worker *w = &e->readers[e->reader_count++];
	int err = connection_open(&w->connection, e->cfg, false, error, sizeof error);
	w->connection.engine = e;
	return err ? fail(e, error, err) : worker_start(w, e, &e->reading, read_all);
}

static void worker_join(struct worker *w)
{
	if (w->running)
		pthread_join(w->thread, NULL);
	w->running = false;
}

int workers_start(struct engine *e)
{
	queue_open(&e->writing);
	queue_open(&e->reading);
	int err = writer_start(e);
	for (int64_t i = 0; i < e->cfg->readers && !err; i++)
		err = reader_start(e);
	e->healthy = !err;
	if (err)
		workers_stop(e);
	return err;
}

void workers_stop(struct engine *e)
{
	queue_close(&e->writing);
	queue_close(&e->reading);
	for (uint32_t i = 0; i < e->reader_count; i++)
		worker_join(&e->readers[i]);
	worker_join(&e->writer);
	checkpoint_stop(&e->checkpoint);
	jobs_deliver(e);
	health_stop(e);
	for (uint32_t i = 0; i < e->reader_count; i++)
		connection_close(&e->readers[i].connection);
	connection_close(&e->writer.connection); /* last: who closes last tidies the log away */
	owner_release(e);
}

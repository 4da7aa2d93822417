/* The write-ahead log goes back into the database beside the writer: a thread copies, and again
 * what was written meanwhile, till so little is left that the writer does the rest between two
 * batches. Only what is copied to its end begins anew, so the last step is the writer's. */
#include <stdio.h>
#include <string.h>

#include "sqlite.h"

#define DUE_PAGES 8192 /* 32 MiB */
#define FEW_PAGES 512
#define MOST_ROUNDS 8

static int copy(sqlite3 *db, int *pages, int *copied)
{
	return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, pages, copied);
}

/* Is the rest the writer's? Not while somebody reads what is older: the log cannot end then. */
static bool copy_most(sqlite3 *db)
{
	int before = 0, pages, copied;
	for (int i = 0; i < MOST_ROUNDS; i++) {
		if (copy(db, &pages, &copied) || copied < pages)
			return false;
		if (pages - before < FEW_PAGES)
			return true;
		before = pages;
	}
	return true;
}

static void *work(void *arg)
{
	struct checkpoint *c = arg;
	pthread_mutex_lock(&c->lock);
	while (!c->closed) {
		if (c->state != CHECKPOINT_DUE) {
			pthread_cond_wait(&c->due, &c->lock);
			continue;
		}
		pthread_mutex_unlock(&c->lock);
		bool few = copy_most(c->connection.db);
		pthread_mutex_lock(&c->lock);
		c->state = few ? CHECKPOINT_FEW : CHECKPOINT_NONE;
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static int on_commit(void *arg, sqlite3 *db, const char *schema, int pages)
{
	struct checkpoint *c = arg;
	(void)db;
	(void)schema;
	if (pages < DUE_PAGES)
		return SQLITE_OK;
	pthread_mutex_lock(&c->lock);
	if (c->state == CHECKPOINT_NONE) {
		c->state = CHECKPOINT_DUE;
		pthread_cond_signal(&c->due);
	}
	pthread_mutex_unlock(&c->lock);
	return SQLITE_OK;
}

void checkpoint_finish(struct checkpoint *c, struct connection *writer)
{
	int pages, copied;
	pthread_mutex_lock(&c->lock);
	bool few = c->state == CHECKPOINT_FEW;
	pthread_mutex_unlock(&c->lock);
	if (!few)
		return;
	copy(writer->db, &pages, &copied); /* what fails here is tried at the next commit */
	pthread_mutex_lock(&c->lock);
	c->state = CHECKPOINT_NONE;
	pthread_mutex_unlock(&c->lock);
}

int checkpoint_start(struct checkpoint *c, struct connection *writer, const struct config *cfg,
		     char *error, uint32_t size)
{
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->due, NULL);
	c->closed = false;
	c->state = CHECKPOINT_NONE;
	int err = connection_open(&c->connection, cfg, true, error, size);
	if (err)
		return err;
	err = -pthread_create(&c->thread, NULL, work, c);
	c->running = !err;
	if (err)
		snprintf(error, size, "no thread for checkpoints: %s", strerror(-err));
	sqlite3_wal_hook(writer->db, on_commit, c);
	return err;
}

void checkpoint_stop(struct checkpoint *c)
{
	if (c->running) {
		pthread_mutex_lock(&c->lock);
		c->closed = true;
		pthread_cond_signal(&c->due);
		pthread_mutex_unlock(&c->lock);
		pthread_join(c->thread, NULL);
	}
	c->running = false;
	connection_close(&c->connection);
}

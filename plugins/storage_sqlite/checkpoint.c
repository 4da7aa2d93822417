/* The write-ahead log goes back into the database beside the writer: a thread copies, and again
 * what was written meanwhile, till so little is left that the writer does the rest between two
 * batches. Only what is copied to its end begins anew, so the last step is the writer's.
 *
 * SQLite before 3.51.3 damages the database when a log that is copied to its end begins anew while
 * another connection begins to copy it (sqlite.org/wal.html#walresetbug). So whoever begins a copy
 * here knows that this cannot happen: the writer, because only it begins the log anew; the thread,
 * because the log has pages that nobody has copied (those of the commit that woke it, then those
 * beyond the end of its last copy), and nobody else copies until it has given the turn back. */
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

static bool much_is_left(struct checkpoint *c, int copied)
{
	pthread_mutex_lock(&c->lock);
	bool much = c->logged - copied >= FEW_PAGES;
	pthread_mutex_unlock(&c->lock);
	return much;
}

/* Is the rest the writer's? Not while somebody reads what is older: the log cannot end then. */
static bool copy_most(struct checkpoint *c)
{
	int pages, copied;
	for (int i = 0; i < MOST_ROUNDS; i++) {
		if (copy(c->connection.db, &pages, &copied) || copied < pages)
			return false;
		if (!much_is_left(c, copied))
			return true;
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
		bool few = copy_most(c);
		pthread_mutex_lock(&c->lock);
		c->state = few ? CHECKPOINT_FEW : CHECKPOINT_GIVEN_UP;
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static int on_commit(void *arg, sqlite3 *db, const char *schema, int pages)
{
	struct checkpoint *c = arg;
	(void)db;
	(void)schema;
	pthread_mutex_lock(&c->lock);
	c->logged = pages;
	if (pages >= DUE_PAGES && c->state == CHECKPOINT_NONE) {
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
	enum checkpoint_state state = c->state;
	pthread_mutex_unlock(&c->lock);
	if (state == CHECKPOINT_NONE || state == CHECKPOINT_DUE)
		return;
	if (state == CHECKPOINT_FEW)
		copy(writer->db, &pages, &copied); /* what fails here is tried again later */
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
	c->logged = 0;
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

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/stats.h"
#include "plugin/call_state.h"
#include "plugin/host_state.h"

#define DRAIN_MS 5000u

static int init_one(struct bb *p, char **ret_error)
{
	void *self = NULL;
	int err = p->def->init ? p->def->init(p, api_of(p->host), p->cfg, &self) : 0;
	if (err < 0)
		return host_error(ret_error, err, "plugin %s: init failed: %s", p->name,
				  strerror(-err));
	p->self = self;
	p->phase = BB_INITED;
	return 0;
}

static int start_one(struct bb *p, char **ret_error)
{
	int err = p->def->start ? p->def->start(p->self) : 0;
	if (err < 0)
		return host_error(ret_error, err, "plugin %s: start failed: %s", p->name,
				  strerror(-err));
	p->phase = BB_STARTED;
	return 0;
}

static void stop_one(struct bb *p)
{
	if (p->phase != BB_STARTED)
		return;
	if (p->def->stop)
		p->def->stop(p->self);
	p->phase = BB_STOPPED;
}

static void fini_one(struct bb *p)
{
	if (p->phase != BB_LOADED && p->phase != BB_ENDED && p->def->fini)
		p->def->fini(p->self);
	stats_forget(p);
	p->phase = BB_ENDED;
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

/* What was put off to the end of the loop's turn is done. */
static void flush(struct host *h)
{
	bool flushed = false;
	loop_defer(h->spec.loop, set_true, &flushed);
	loop_run_until(h->spec.loop, &flushed, DRAIN_MS);
}

/* Plugins' callbacks of storage have all run afterwards. */
static void close_db(struct host *h)
{
	struct db *db = h->db;
	if (!db)
		return;
	db_drain(db, set_true, &h->drained);
	if (!loop_run_until(h->spec.loop, &h->drained, DRAIN_MS))
		log_line(BB_ERROR, "storage", "is stopped with units that it did not commit");
	h->db = NULL;
	db_free(db);
}

int host_open_storage(struct host *h, const struct db_options *options, struct db **ret,
		      char **ret_error)
{
	struct bb *s = h->storage;
	if (!s)
		return host_error(ret_error, -ENOENT,
				  "no plugin of the list gives the service storage/1");
	int err = init_one(s, ret_error);
	if (!err)
		err = start_one(s, ret_error);
	if (err)
		return err;
	h->db = db_new(h->spec.loop, s->def->service, s->self, options);
	err = db_add_owner(h->db, h->spec.sql_dir, "core", ret_error);
	for (size_t i = 0; i < h->count && !err; i++)
		err = db_add_owner(h->db, h->spec.sql_dir, h->plugins[i]->name, ret_error);
	if (!err)
		err = tasks_open(h, ret_error);
	if (!err)
		*ret = h->db;
	return err;
}

int host_start(struct host *h, char **ret_error)
{
	int err = 0;
	for (size_t i = 0; i < h->count && !err; i++)
		if (h->plugins[i]->phase == BB_LOADED)
			err = init_one(h->plugins[i], ret_error);
	for (size_t i = 0; i < h->count && !err; i++)
		if (h->plugins[i]->phase == BB_INITED)
			err = start_one(h->plugins[i], ret_error);
	if (err)
		host_fini(h);
	else if (h->runner)
		tasks_start(h);
	return err;
}

void host_stop(struct host *h)
{
	tasks_stop(h);
	for (size_t i = h->count; i-- > 0;)
		if (h->plugins[i] != h->storage)
			stop_one(h->plugins[i]);
}

void host_fini(struct host *h)
{
	if (h->ended)
		return;
	h->ended = true;
	host_stop(h);
	for (size_t i = 0; i < h->count; i++)
		pending_fail_all(h->plugins[i]);
	flush(h);
	close_db(h);
	if (h->storage)
		stop_one(h->storage);
	/* Also of those whose init() failed: they may have left something. */
	for (size_t i = h->count; i-- > 0;)
		slots_end(h->plugins[i]);
	flush(h);
	for (size_t i = h->count; i-- > 0;)
		fini_one(h->plugins[i]);
}

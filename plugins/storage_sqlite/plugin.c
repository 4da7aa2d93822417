/* SQLite as Busbar's storage: one file, no set-up. See docs/storage.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite.h"

#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"path", BB_OPT_STR, 0, AT(path), "busbar.db", "the database file", 0, 0, NULL},
    {"busy_timeout", BB_OPT_MSEC, 0, AT(busy_ms), "5s",
     "how long to wait for another program that has locked the file", 0, 600000, NULL},
    {"cache", BB_OPT_BYTES, 0, AT(cache_bytes), "16m", "page cache of each connection", 65536,
     (int64_t)64 << 30, NULL},
    {"readers", BB_OPT_INT, 0, AT(readers), "2", "threads that read beside the writer", 1,
     MOST_READERS, NULL},
};

static const struct bb_route routes[] = {
    {"POST", "/api/admin/backup", "admin", backup_make,
     "All of the database as it is at one moment, as a file of SQLite", NULL,
     "application/vnd.sqlite3", NULL, BB_OWNER, 0, BB_STREAM_ANSWER},
};

/* Nobody asks how much memory SQLite has, and counting it takes a lock at each allocation. Once the
 * library is at work, in a process that had this plugin before, this changes nothing. */
static void count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int init(struct bb *bb, const struct bb_api *api, const void *cfg, void **self)
{
	count_no_memory();
	struct engine *e = calloc(1, sizeof *e);
	if (!e)
		return -ENOMEM;
	e->bb = bb;
	e->api = api;
	e->cfg = cfg;
	e->owner = -1;
	pthread_mutex_init(&e->lock, NULL);
	e->ended.end = &e->ended.first;
	*self = e;
	return 0;
}

static int start(void *self)
{
	backup_tidy(self);
	return workers_start(self);
}

static void stop(void *self)
{
	backup_stop(self);
	workers_stop(self);
}

static void fini(void *self)
{
	struct engine *e = self;
	pthread_mutex_lock(&e->lock);
	bool later = e->gone = e->posted;
	pthread_mutex_unlock(&e->lock);
	if (!later)
		free(e);
}

BB_PLUGIN(storage_sqlite, .version = "1.0", .gives = "storage/1", .service = &sqlite_storage,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .init = init, .start = start, .stop = stop,
	  .fini = fini);

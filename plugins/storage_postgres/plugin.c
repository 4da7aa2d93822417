/* PostgreSQL as Busbar's storage, for one node or many. See docs/storage.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"url", BB_OPT_STR, BB_SECRET, AT(url), "postgresql:///busbar",
     "the database, postgresql://user:password@host:5432/name", 0, 0, NULL},
    {"connections", BB_OPT_INT, 0, AT(connections), "4",
     "connections that write; each commits a batch at a time", 1, MOST_CONNECTIONS, NULL},
    {"readers", BB_OPT_INT, 0, AT(readers), "2", "connections that read", 1, MOST_CONNECTIONS,
     NULL},
    {"connect_timeout", BB_OPT_MSEC, 0, AT(connect_ms), "5s",
     "how long the server may take to answer a new connection", 2000, 60000, NULL},
};

static const struct bb_route routes[] = {
    {"POST", "/api/admin/backup", "admin", backup_make,
     "All of the database as it is at one moment, as an archive of pg_dump", NULL,
     "application/vnd.postgresql.dump", NULL, BB_OWNER, 0, BB_STREAM_ANSWER},
};

static void add_lane(struct engine *e, bool reads)
{
	struct lane *l = &e->lanes[e->lane_count++];
	l->engine = e;
	l->reads = reads;
	l->jobs.end = &l->jobs.first;
}

static int init(struct bb *bb, const struct bb_api *api, const void *config, void **self)
{
	const struct config *cfg = config;
	struct engine *e = calloc(1, sizeof *e);
	char *url = strdup(cfg->url);
	if (!e || !url) {
		free(e);
		free(url);
		return -ENOMEM;
	}
	e->bb = bb;
	e->api = api;
	e->cfg = *cfg;
	e->cfg.url = url;
	e->lost.end = &e->lost.first;
	for (int64_t i = 0; i < cfg->connections; i++)
		add_lane(e, false);
	e->writer_count = e->lane_count;
	for (int64_t i = 0; i < cfg->readers; i++)
		add_lane(e, true);
	*self = e;
	return 0;
}

/* The first writer and the first reader must be there at the start; connect_missing() fetches the
 * others. */
static int start(void *self)
{
	struct engine *e = self;
	char error[ERROR_SIZE];
	struct lane *const first[] = {&e->lanes[0], &e->lanes[e->writer_count]};
	for (int i = 0; i < 2; i++) {
		first[i]->conn = connect_now(&e->cfg, first[i]->reads, error, sizeof error);
		if (first[i]->conn)
			continue;
		e->api->log(e->bb, BB_ERROR, "%s", error);
		PQfinish(e->lanes[0].conn);
		e->lanes[0].conn = NULL;
		return -EIO;
	}
	return 0;
}

static void stop(void *self)
{
	struct engine *e = self;
	e->stopped = true;
	if (e->retry)
		e->api->release(e->retry);
	e->retry = NULL;
	partitions_stop(e);
	backup_stop(e);
	for (uint32_t i = 0; i < e->lane_count; i++)
		lane_lose(&e->lanes[i], NULL);
	jobs_deliver(e);
}

static void fini(void *self)
{
	struct engine *e = self;
	e->finished = true;
	engine_release(e);
}

BB_PLUGIN(storage_postgres, .version = "1.0", .gives = "storage/1", .service = &postgres_storage,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .init = init, .start = start, .stop = stop,
	  .fini = fini);

/* One command to many chargers, at a pace, with its progress. */
#include "bulk.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define BULK "/api/admin/bulk-commands"

static const struct bb_option options[] = {
    {"pace", BB_OPT_MSEC, BB_RELOADABLE, offsetof(struct config, pace_ms), "200ms",
     "how often the next chargers of a bulk command are asked", 10, 60000, NULL},
};

static const struct bb_route routes[] = {
    {.method = "GET",
     .path = BULK,
     .scope = SEE,
     .fn = bulk_list,
     .summary = "Bulk commands, the newest first",
     .answer = "rest/bulk_command_list",
     .query = "limit cursor state action"},
    {.method = "POST",
     .path = BULK,
     .scope = CHANGE,
     .fn = bulk_create,
     .summary = "Send one command to a selection of chargers",
     .body = "rest/bulk_command_new",
     .answer = "rest/bulk_command"},
    {.method = "GET",
     .path = BULK "/{id}",
     .scope = SEE,
     .fn = bulk_get,
     .summary = "A bulk command and its progress",
     .answer = "rest/bulk_command"},
    {.method = "GET",
     .path = BULK "/{id}/chargers",
     .scope = SEE,
     .fn = bulk_chargers,
     .summary = "What became of it at each charger",
     .answer = "rest/bulk_command_charger_list",
     .query = "limit cursor state"},
    {.method = "POST",
     .path = BULK "/{id}/stop",
     .scope = CHANGE,
     .fn = bulk_stop,
     .summary = "Ask no more chargers",
     .answer = "rest/bulk_command"},
};

static const struct bb_topic topics[] = {{"charger.connected", run_on_connected}};

static const char *const query_names[Q_COUNT] = {
    [Q_INSERT] = "insert",
    [Q_INSERT_CHARGER] = "insert_charger",
    [Q_BEGIN] = "begin",
    [Q_FORGET_UNREADY] = "forget_unready",
    [Q_UNCLAIM] = "unclaim",
    [Q_RUNNING] = "running",
    [Q_SETTLE] = "settle",
    [Q_EXPIRE] = "expire",
    [Q_OPEN] = "open",
    [Q_NEXT] = "next",
    [Q_CLAIM] = "claim",
    [Q_UNASKED] = "unasked",
    [Q_DONE] = "done",
    [Q_STOP] = "stop",
    [Q_STOP_CHARGERS] = "stop_chargers",
    [Q_LIST] = "list",
    [Q_GET] = "get",
    [Q_COUNTS] = "counts",
    [Q_CHARGERS] = "chargers",
};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct bulk filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		creation_open(*self);
	return err;
}

static int start(void *self)
{
	struct bulk *p = self;
	p->chargers = p->api->service(p->me, "chargers/1", sizeof *p->chargers);
	run_start(p);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	((struct bulk *)self)->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	run_stop(self);
}

static void fini(void *self)
{
	run_forget(self);
	free(self);
}

static const char *const needs[] = {"chargers/1", NULL};

BB_PLUGIN(bulk, .version = "1.0", .needs = needs, .gives = "bulk/1", .service = &bulk_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .topics = BB_TABLE(topic, topics), .init = init,
	  .start = start, .reload = reload, .stop = stop, .fini = fini);

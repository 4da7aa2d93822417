/* GET /metrics: what the core and the plugins count, for Prometheus. */
#include <busbar/init.h>

#include "private.h"
#include <busbar/networks.h>

#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"public", BB_OPT_STR, BB_RELOADABLE, AT(public), "",
     "addresses and networks that need no key: \"10.0.0.5 192.168.0.0/16 fd00::/8\"", 0, 0, NULL},
    {"keep", BB_OPT_MSEC, BB_RELOADABLE, AT(keep_ms), "10s",
     "how long figures that are read from the database are told again", 0, 3600000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", "/metrics", NULL, scrape_from_near, NULL, NULL, NULL, NULL, BB_GUARD, -10},
    {"GET", "/metrics", "admin readonly", scrape, "Figures for Prometheus", NULL, "text/plain",
     NULL, BB_OWNER, 0},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_TASKS] = "tasks_by_name",
    [Q_CHARGERS] = "chargers_by_registration",
    [Q_CONNECTORS] = "connectors_by_status",
    [Q_TRANSACTIONS] = "transactions_open",
};

static bool is_usable(struct bb *me, const struct bb_api *api, const struct config *cfg)
{
	const char *bad;
	if (bb_networks_are_good(cfg->public, &bad))
		return true;
	api->log(me, BB_ERROR,
		 "metrics.public: \"%.*s\" is neither an address nor a network like 192.168.0.0/16",
		 (int)strcspn(bad, " "), bad);
	return false;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	if (!is_usable(me, api, cfg))
		return -EINVAL;
	struct metrics filled = {.me = me, .api = api, .cfg = cfg};
	for (int i = 0; i < Q_COUNT_OF; i++) /* NULL where its plugin is not loaded */
		filled.q[i] = api->query(me, query_names[i]);
	stored_begin(&filled);
	events_begin(&filled);
	int err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		((struct metrics *)*self)->waiting_end = &((struct metrics *)*self)->waiting;
	return err;
}

static int reload(void *self, const void *cfg)
{
	struct metrics *p = self;
	if (!is_usable(p->me, p->api, cfg))
		return -EINVAL;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	scrape_stop(self);
}

static void fini(void *self)
{
	free(self);
}

BB_PLUGIN(metrics, .version = "1.0", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .topics = BB_TABLE(topic, event_topics), .init = init, .reload = reload, .stop = stop,
	  .fini = fini);

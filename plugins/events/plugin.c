/* events: what happens, as rows in the order of its happening, and live to those who listen. */
#include "events.h"

#define ALL "admin operator user readonly"
#define SWEEP_EVERY_MS 60000u
#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"kinds", BB_OPT_STR, BB_RELOADABLE, AT(kinds), "",
     "the kinds of events that are written, by commas: \"charger,transaction\"; \"\": all", 0, 0,
     NULL},
    {"delay", BB_OPT_MSEC, BB_RELOADABLE, AT(delay_ms), "20ms",
     "how long events collect before they are written", 1, 10000, NULL},
    {"retention", BB_OPT_MSEC, BB_RELOADABLE, AT(retention_ms), "24h",
     "age at which events are deleted; 0: never", 0, 0, NULL},
    {"refresh", BB_OPT_MSEC, BB_RELOADABLE, AT(refresh_ms), "500ms",
     "how often other nodes' events are looked for while somebody listens", 100, 60000, NULL},
    {"behind", BB_OPT_INT, BB_RELOADABLE, AT(behind), "2000",
     "how many events a listener may be behind before it is dropped", 16, 1000000, NULL},
    {"heartbeat", BB_OPT_MSEC, BB_RELOADABLE, AT(heartbeat_ms), "15s",
     "after so long a silence a stream is sent a comment", 1000, 300000, NULL},
    {"streams", BB_OPT_INT, BB_RELOADABLE, AT(streams), "1000", "streams that are open at a time",
     1, 1000000, NULL},
    {"streams_per_caller", BB_OPT_INT, BB_RELOADABLE, AT(streams_per_caller), "20",
     "of one key or user", 1, 1000000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", "/api/events", ALL, event_stream, "Events as they happen", NULL, NULL,
     "kind=rest/event_kinds charger station transaction command bulk operator last_event_id",
     BB_OWNER, 0, BB_EVENT_STREAM, 0},
    {"GET", "/api/transactions/{id}/meter-values/live", ALL, meter_stream,
     "A transaction's meter values as they come; a driver sees their own", NULL, NULL,
     "last_event_id", BB_OWNER, 0, BB_EVENT_STREAM, 0},
};

#define FACT_TOPIC(name, topic, kind) {topic, fact_##name},
static const struct bb_topic topics[] = {FACTS(FACT_TOPIC){"server.stopping", server_stopping}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_WROTE] = "wrote",
    [Q_EDGE] = "edge",
    [Q_EDGE_OF_COMMAND] = "edge_of_command",
    [Q_AFTER] = "after",
    [Q_BETWEEN] = "between",
    [Q_SWEEP_TO] = "sweep_to",
    [Q_SWEEP] = "sweep",
    [Q_SWEEP_WRITERS] = "sweep_writers",
    [Q_METER_FIND] = "meter_find",
    [Q_METER_NEXT] = "meter_next",
};

static const char *const needs[] = {"callers/1", "chargers/1", "transactions/1", NULL};

static int read_kinds(struct events *p, const struct config *cfg)
{
	char *kinds = NULL;
	if (!kinds_read(cfg->kinds, &kinds)) {
		p->api->log(p->me, BB_ERROR, "events.kinds has a word that is no kind: %s",
			    cfg->kinds);
		return -EINVAL;
	}
	free(p->kinds);
	p->kinds = kinds;
	return 0;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct events filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	filled.edge_of_bulk = api->query(me, "edge_of_bulk");
	filled.write_all = api->query(me, "write_all");
	if (!filled.write_all)
		filled.write_one = api->query(me, "write_one");
	if (!filled.write_all && !filled.write_one)
		err = -ENOENT;
	if (!err)
		err = read_kinds(&filled, cfg);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		record_open(*self);
	return err;
}

static void on_sweep(void *arg);

static void on_swept(int err, const struct bb_rows *rows, void *arg)
{
	struct events *p = arg;
	if (!err && rows->changed && !p->stopping)
		on_sweep(p);
}

static void on_sweep(void *arg)
{
	struct events *p = arg;
	if (!p->cfg->retention_ms)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_val before = bb_time(p->api, a, p->api->now_ms() - p->cfg->retention_ms);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_SWEEP_WRITERS], 1, &before, NULL, NULL);
	p->api->add(unit, p->q[Q_SWEEP_TO], 1, &before, NULL, NULL);
	p->api->add(unit, p->q[Q_SWEEP], 0, NULL, NULL, NULL);
	p->api->commit(unit, on_swept, p);
	p->api->arena_free(a);
}

static int start(void *self)
{
	struct events *p = self;
	p->callers = p->api->service(p->me, "callers/1", sizeof *p->callers);
	p->sweep_timer = p->api->timer(p->me, SWEEP_EVERY_MS, true, on_sweep, p);
	on_sweep(p);
	return p->callers ? 0 : -ENOENT;
}

static int reload(void *self, const void *cfg)
{
	struct events *p = self;
	int err = read_kinds(p, cfg);
	if (!err)
		p->cfg = cfg;
	return err;
}

static void stop(void *self)
{
	struct events *p = self;
	p->draining = p->stopping = true;
	p->api->release(p->sweep_timer);
	record_stop(p);
}

static void fini(void *self)
{
	struct events *p = self;
	record_close(p);
	free(p->kinds);
	free(p);
}

BB_PLUGIN(events, .version = "1.0", .needs = needs, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .topics = BB_TABLE(topic, topics), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);

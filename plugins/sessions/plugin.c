/* sessions: looks at sessions while they run, lets operators' rules and wallets cut them off. */
#include "sessions.h"

#define SEE "admin operator readonly"
#define AT(member) offsetof(struct config, member)
#define SECOND INT64_C(1000)
#define DAY INT64_C(86400000)

static const struct bb_option options[] = {
    {"every", BB_OPT_MSEC, BB_RELOADABLE, AT(every_ms), "30s",
     "how often at most a session is looked at, at its meter values", SECOND, DAY, NULL},
    {"silent_every", BB_OPT_MSEC, BB_RELOADABLE, AT(silent_every_ms), "60s",
     "how often one without meter values is", SECOND, DAY, NULL},
    {"at_once", BB_OPT_INT, BB_RELOADABLE, AT(at_once), "8", "how many looks are at work at a time",
     1, 1000, NULL},
    {"tick_timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(tick_timeout_ms), "5s",
     "how long the answer to `tick` may take", 100, 60 * SECOND, NULL},
    {"stop_again", BB_OPT_MSEC, BB_RELOADABLE, AT(stop_again_ms), "30s",
     "when a session that is cut off and goes on is told to stop again; doubled each time", 100,
     DAY, NULL},
    {"stop_again_most", BB_OPT_MSEC, BB_RELOADABLE, AT(stop_again_most_ms), "10m",
     "the longest of these pauses", 100, DAY, NULL},
};

static const struct bb_action actions[] = {
    {"ocpp1.6", "MeterValues", see_meter_values, BB_OBSERVER, 0},
};

static const struct bb_route routes[] = {
    {"GET", "/api/admin/transactions/{id}/running", SEE, session_running,
     "What a running transaction costs so far, line by line", NULL, "rest/session_running", NULL,
     BB_OWNER, 0},
    {"GET", "/api/admin/cut-offs", SEE, cut_off_list,
     "Sessions that were cut off, by whom and why, newest first", NULL, "rest/cut_off_list",
     "limit cursor charger user state transaction from to", BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"tick", "open", "hooks/tick", "shall this running session go on?"},
};

static const struct bb_topic topics[] = {
    {"transaction.started", on_started},
    {"transaction.ended", on_ended},
    {"charger.connected", on_connected},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_RUNNING] = "running", [Q_CUT_OFF] = "cut_off", [Q_TARGET] = "target",
    [Q_TRIED] = "tried",     [Q_FIND] = "find",       [Q_LIST] = "list",
};

static const char *const needs[] = {"chargers/1", "transactions/1", "tariffs/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct sessions filled = {.me = me, .api = api, .cfg = cfg}, *p;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (err)
		return err;
	p = *self;
	board_open(&p->board);
	return 0;
}

static int start(void *self)
{
	struct sessions *p = self;
	p->tariffs = p->api->service(p->me, "tariffs/1", sizeof *p->tariffs);
	p->wallets = p->api->service(p->me, "wallet/1", sizeof *p->wallets);
	return p->tariffs ? watch_start(p) : -ENOENT;
}

static int reload(void *self, const void *cfg)
{
	struct sessions *p = self;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	struct sessions *p = self;
	p->stopping = true;
}

static void fini(void *self)
{
	struct sessions *p = self;
	board_close(&p->board);
	free(p);
}

BB_PLUGIN(sessions, .version = "1.0", .needs = needs, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .actions = BB_TABLE(action, actions),
	  .routes = BB_TABLE(route, routes), .questions = BB_TABLE(question, questions),
	  .topics = BB_TABLE(topic, topics), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);

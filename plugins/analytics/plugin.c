/* Sums of what chargers did, by hours and days, places and operators. */
#include "analytics.h"

#define SEE "admin operator readonly"
#define PATH "/api/admin/analytics/"
#define FILTERS "limit cursor group_by interval time_zone operator_id station charger from to"
#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"roll_up_every", BB_OPT_MSEC, BB_RELOADABLE, AT(roll_up_every_ms), "5s",
     "how often what has changed is rolled up; answers have it at once", 10, 3600000, NULL},
    {"roll_up_at_once", BB_OPT_INT, BB_RELOADABLE, AT(roll_up_at_once), "500",
     "changes that are rolled up in one unit", 1, 100000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", PATH "sessions", SEE, ask_sessions, "How many sessions began, with their energy", NULL,
     "rest/analytics_sessions", FILTERS, BB_OWNER, 0, 0, 0},
    {"GET", PATH "revenue", SEE, ask_revenue, "What sessions cost, by currency", NULL,
     "rest/analytics_revenue", FILTERS, BB_OWNER, 0, 0, 0},
    {"GET", PATH "utilization", SEE, ask_utilization, "How long connectors were occupied", NULL,
     "rest/analytics_utilization", FILTERS, BB_OWNER, 0, 0, 0},
    {"GET", PATH "uptime", SEE, ask_uptime, "How long connectors could be used", NULL,
     "rest/analytics_uptime", FILTERS, BB_OWNER, 0, 0, 0},
    {"GET", PATH "failures", SEE, ask_failures, "What failed how often, by reason", NULL,
     "rest/analytics_failures", FILTERS, BB_OWNER, 0, 0, 0},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_ROLL_UP_ALONE] = "roll_up_alone", [Q_ROLL_UP] = "roll_up",   [Q_ROLLED_UP] = "rolled_up",
    [Q_LEFT_OVER] = "left_over",         [Q_ZONES] = "zones",       [Q_OPERATORS] = "operators",
    [Q_STATIONS] = "stations",           [Q_CHARGERS] = "chargers", [Q_SUMS] = "sums",
};

static const char *const needs[] = {"chargers/1", "transactions/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct analytics filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static int start(void *self)
{
	return roll_up_start(self);
}

static int reload(void *self, const void *cfg)
{
	struct analytics *p = self;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	roll_up_stop(self);
}

BB_PLUGIN(analytics, .version = "1.0", .needs = needs, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes), .init = init,
	  .start = start, .reload = reload, .stop = stop, .fini = free);

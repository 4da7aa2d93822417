/* Tariffs: written in Lua, assigned to places; they price what has been charged. */
#include "price_running.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define TARIFFS "/api/admin/tariffs"

static const struct bb_option options[] = {
    {"idle_below_w", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, idle_below_w), "100",
     "where only the meter tells: a car that draws less is idle; W", 0, 1000000, NULL},
    {"price_timeout", BB_OPT_MSEC, BB_RELOADABLE, offsetof(struct config, price_timeout_ms), "10s",
     "how long a price may take, waiting included", 100, 45000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", TARIFFS, SEE, tariff_list, "Tariffs", NULL, "rest/tariff_list", "limit cursor name",
     BB_OWNER, 0},
    {"POST", TARIFFS, CHANGE, tariff_create, "Make a tariff; it is tried before it is stored",
     "rest/tariff_new", "rest/tariff", NULL, BB_OWNER, 0},
    {"POST", TARIFFS "/check", CHANGE, tariff_check, "Compile and try a tariff without storing it",
     "rest/tariff_check", "rest/tariff_check_answer", NULL, BB_OWNER, 0},
    {"POST", TARIFFS "/try", SEE, tariff_try,
     "Price a session, given, recorded or an example, line by line", "rest/tariff_try", "rest/bill",
     NULL, BB_OWNER, 0},
    {"POST", TARIFFS "/diff", SEE, tariff_diff,
     "What a tariff would have charged for sessions that another has priced", "rest/tariff_diff",
     "rest/tariff_diff_answer", NULL, BB_OWNER, 0},
    {"GET", TARIFFS "/examples", SEE, tariff_examples, "Sessions to try tariffs with", NULL,
     "rest/tariff_example_list", "limit cursor", BB_OWNER, 0},
    {"GET", TARIFFS "/{id}", SEE, tariff_get, "A tariff with its newest version", NULL,
     "rest/tariff", NULL, BB_OWNER, 0},
    {"PUT", TARIFFS "/{id}", CHANGE, tariff_put,
     "Change a tariff; members left out stay as they are; what prices depend on becomes a new "
     "version",
     "rest/tariff_put", "rest/tariff", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", TARIFFS "/{id}", CHANGE, tariff_delete, "Remove a tariff and its assignments", NULL,
     NULL, NULL, BB_OWNER, 0},
    {"GET", TARIFFS "/{id}/versions", SEE, tariff_versions, "All versions, newest first", NULL,
     "rest/tariff_version_list", "limit cursor", BB_OWNER, 0},
    {"GET", TARIFFS "/{id}/assignment", SEE, assignment_list, "Where the tariff applies", NULL,
     "rest/assignment_list", "limit cursor", BB_OWNER, 0},
    {"PUT", TARIFFS "/{id}/assignment", CHANGE, assignment_put,
     "Let the tariff apply to a charger, a station, or (with neither) all of the operator's",
     "rest/assignment_put", "rest/assignment", NULL, BB_OWNER, 0},
    {"DELETE", TARIFFS "/{id}/assignment", CHANGE, assignment_delete,
     "Let it no longer apply there", NULL, NULL, "charger_id station_id", BB_OWNER, 0},
    {"POST", "/api/admin/transactions/{id}/price", CHANGE, price_again,
     "Price a transaction that has no price yet, soon", NULL, "rest/price_again", NULL, BB_OWNER,
     0},
    {"POST", "/api/admin/transactions/{id}/price/check", SEE, price_check,
     "Compute a price once more, by the tariffs or scripts that made it, and compare", NULL,
     "rest/price_check", NULL, BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"price", "closed", "hooks/price", "what does this session cost?"},
};
static const struct bb_hook hooks[] = {{"price", 1000, price_hook}};
static const struct bb_task tasks[] = {{"price_transaction", 8, 30000, price_transaction}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_FACTS] = "facts",
    [Q_READINGS] = "readings",
    [Q_STATUSES] = "statuses",
    [Q_TARIFFS_FOR] = "tariffs_for",
    [Q_PRICE] = "price",
    [Q_DROP_LINES] = "drop_lines",
    [Q_ADD_LINE] = "add_line",
    [Q_DROP_PARTS] = "drop_parts",
    [Q_ADD_PART] = "add_part",
    [Q_KEEP_FACTS] = "keep_facts",
    [Q_PRICE_FAILED] = "price_failed",
    [Q_PRICE_WANTED] = "price_wanted",
    [Q_PRICE_EVIDENCE] = "price_evidence",
    [Q_PRICE_SOURCES] = "price_sources",
    [Q_STORED_LINES] = "stored_lines",
    [Q_DIFF_LIST] = "diff_list",
    [Q_LIST] = "tariff_list",
    [Q_GET] = "tariff_get",
    [Q_INSERT] = "tariff_insert",
    [Q_VERSION_FIRST] = "version_first",
    [Q_LOCK] = "tariff_lock",
    [Q_UPDATE] = "tariff_update",
    [Q_VERSION_NEXT] = "version_next",
    [Q_VERSION_GET] = "version_get",
    [Q_DELETE] = "tariff_delete",
    [Q_ASSIGNMENTS_DROP] = "assignments_drop",
    [Q_VERSIONS] = "version_list",
    [Q_ASSIGN] = "assign",
    [Q_ASSIGNED] = "assigned",
    [Q_ASSIGNMENTS] = "assignment_list",
    [Q_UNASSIGN] = "unassign",
};

static const char *const needs[] = {"chargers/1", "transactions/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct tariffs filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		running_open(*self);
	return err;
}

static int start(void *self)
{
	struct tariffs *p = self;
	p->scripts = p->api->service(p->me, "scripts/1", sizeof *p->scripts);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct tariffs *p = self;
	p->cfg = cfg;
	return 0;
}

BB_PLUGIN(tariffs, .version = "1.0", .needs = needs, .gives = "tariffs/1",
	  .service = &tariffs_service, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .questions = BB_TABLE(question, questions), .hooks = BB_TABLE(hook, hooks),
	  .tasks = BB_TABLE(task, tasks), .init = init, .start = start, .reload = reload,
	  .fini = free);

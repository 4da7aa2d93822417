/* What chargers do otherwise than OCPP says: rules that tell which of them does what, and scripts
 * that repair it. */
#include "quirks.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define RULES "/api/admin/quirk-rules"
#define SCRIPTS "/api/admin/quirk-scripts"

static const struct bb_option options[] = {
    {"refresh", BB_OPT_MSEC, 0, offsetof(struct config, refresh_ms), "5s",
     "how often rules and scripts changed by other nodes are looked for", 100, 3600000, NULL},
    {"slow", BB_OPT_MSEC, 0, offsetof(struct config, slow_ms), "5ms",
     "a script that has used so much CPU for one message is put aside", 1, 3600000, NULL},
    {"aside", BB_OPT_MSEC, 0, offsetof(struct config, aside_ms), "1m",
     "how long messages go on without a script that was put aside", 1, 86400000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", "/api/admin/quirks", SEE, catalogue_get, "The bundled quirks and rules", NULL,
     "rest/quirks", NULL, BB_OWNER, 0},
    {"GET", RULES, SEE, rule_list, "Rules: which chargers have which quirks", NULL,
     "rest/quirk_rule_list", "limit cursor name", BB_OWNER, 0},
    {"POST", RULES, CHANGE, rule_create, "Make a rule", "rest/quirk_rule_new", "rest/quirk_rule",
     NULL, BB_OWNER, 0},
    {"GET", RULES "/{id}", SEE, rule_get, "A rule", NULL, "rest/quirk_rule", NULL, BB_OWNER, 0},
    {"PUT", RULES "/{id}", CHANGE, rule_put, "Change a rule; members left out stay as they are",
     "rest/quirk_rule_put", "rest/quirk_rule", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", RULES "/{id}", CHANGE, rule_delete, "Remove a rule", NULL, NULL, NULL, BB_OWNER, 0},
    {"GET", SCRIPTS, SEE, script_list, "Operators' own quirk scripts", NULL,
     "rest/quirk_script_list", "limit cursor name", BB_OWNER, 0},
    {"POST", SCRIPTS, CHANGE, script_create, "Make a script; it is tried before it is stored",
     "rest/quirk_script_new", "rest/quirk_script", NULL, BB_OWNER, 0},
    {"GET", SCRIPTS "/{id}", SEE, script_get, "A script with its newest version", NULL,
     "rest/quirk_script", NULL, BB_OWNER, 0},
    {"PUT", SCRIPTS "/{id}", CHANGE, script_put, "Make a new version of a script",
     "rest/quirk_script_put", "rest/quirk_script", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", SCRIPTS "/{id}", CHANGE, script_delete, "Remove a script and its versions", NULL,
     NULL, NULL, BB_OWNER, 0},
    {"GET", SCRIPTS "/{id}/versions", SEE, script_versions, "All versions, newest first", NULL,
     "rest/quirk_version_list", "limit cursor", BB_OWNER, 0},
};

static const struct bb_hook hooks[] = {{"quirks", 1000, quirks_hook},
				       {"normalize", 1000, normalize_hook}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_STAMP] = "stamp",
    [Q_RULES_LOAD] = "rules_load",
    [Q_SCRIPTS_LOAD] = "scripts_load",
    [Q_RULE_LIST] = "rule_list",
    [Q_RULE_GET] = "rule_get",
    [Q_RULE_INSERT] = "rule_insert",
    [Q_RULE_UPDATE] = "rule_update",
    [Q_RULE_DELETE] = "rule_delete",
    [Q_SCRIPT_LIST] = "script_list",
    [Q_SCRIPT_GET] = "script_get",
    [Q_SCRIPT_INSERT] = "script_insert",
    [Q_VERSION_FIRST] = "version_first",
    [Q_SCRIPT_LOCK] = "script_lock",
    [Q_SCRIPT_UPDATE] = "script_update",
    [Q_VERSION_NEXT] = "version_next",
    [Q_SCRIPT_DELETE] = "script_delete",
    [Q_VERSION_LIST] = "version_list",
};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct quirks *p = calloc(1, sizeof *p);
	if (!p)
		return -ENOMEM;
	p->me = me;
	p->api = api;
	p->cfg = cfg;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, p->q);
	if (!err)
		err = catalogue_load(p);
	if (err) {
		book_free(p);
		free(p);
	} else {
		*self = p;
	}
	return err;
}

static void on_refresh(void *arg)
{
	book_refresh(arg);
}

static int start(void *self)
{
	struct quirks *p = self;
	p->timer = p->api->timer(p->me, (uint64_t)p->cfg->refresh_ms, true, on_refresh, p);
	p->api->starting(p->me, true);
	book_refresh(p);
	return 0;
}

static void stop(void *self)
{
	struct quirks *p = self;
	p->api->release(p->timer);
}

static void fini(void *self)
{
	struct quirks *p = self;
	book_free(p);
	free(p);
}

BB_PLUGIN(quirks, .version = "1.0", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .hooks = BB_TABLE(hook, hooks), .init = init, .start = start, .stop = stop, .fini = fini);

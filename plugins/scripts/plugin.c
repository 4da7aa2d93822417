/* Operators' own Lua: kept in versions, tried before it is used, active as a set, and asked in the
 * chains of hooks. */
#include "scripts.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define SCRIPTS "/api/admin/scripts"

static const struct bb_option options[] = {
    {"refresh", BB_OPT_MSEC, 0, offsetof(struct config, refresh_ms), "5s",
     "how often scripts activated by other nodes, and files of the watched folder, are looked for",
     100, 3600000, NULL},
    {"value_size", BB_OPT_BYTES, 0, offsetof(struct config, value_bytes), "64k",
     "longest value, as JSON, that a script may keep", 16, 16 << 20, NULL},
    {"value_keys", BB_OPT_INT, 0, offsetof(struct config, value_keys), "10000",
     "most keys under which an operator's scripts may keep values", 1, 10000000, NULL},
    {"watch", BB_OPT_STR, 0, offsetof(struct config, watch), NULL,
     "for development: a folder whose <operator>/*.lua become that operator's scripts", 0, 0, NULL},
};

static const struct bb_route routes[] = {
    {"GET", SCRIPTS, SEE, script_list, "Operators' scripts", NULL, "rest/script_list",
     "limit cursor operator_id name", BB_OWNER, 0, 0, 0},
    {"POST", SCRIPTS, CHANGE, script_push,
     "New versions of scripts; unless it says otherwise they are active at once",
     "rest/script_push", "rest/script_set", NULL, BB_OWNER, 0, 0, 0},
    {"POST", SCRIPTS "/check", CHANGE, script_check, "Would these scripts load?",
     "rest/script_check", "rest/script_set", NULL, BB_OWNER, 0, 0, 0},
    {"POST", SCRIPTS "/activate", CHANGE, script_activate, "Make other versions the active set",
     "rest/script_activate", "rest/script_set", NULL, BB_OWNER, 0, 0, 0},
    {"POST", SCRIPTS "/rollback", CHANGE, script_rollback,
     "Bring an earlier set back, the one before if none is named", "rest/script_rollback",
     "rest/script_set", NULL, BB_OWNER, 0, 0, 0},
    {"GET", SCRIPTS "/activations", SEE, activation_list, "What was active when, newest first",
     NULL, "rest/script_activation_list", "limit cursor operator_id", BB_OWNER, 0, 0, 0},
    {"GET", SCRIPTS "/failures", SEE, failure_list, "How often scripts failed, and where last",
     NULL, "rest/script_failure_list", "limit cursor operator_id hook", BB_OWNER, 0, 0, 0},
    {"GET", SCRIPTS "/{id}", SEE, script_get, "A script with its newest version", NULL,
     "rest/script", NULL, BB_OWNER, 0, 0, 0},
    {"DELETE", SCRIPTS "/{id}", CHANGE, script_delete,
     "Take a script away; its versions stay for what they have priced", NULL, NULL, NULL, BB_OWNER,
     0, 0, 0},
    {"GET", SCRIPTS "/{id}/versions", SEE, version_list, "A script's versions, newest first", NULL,
     "rest/script_version_list", "limit cursor", BB_OWNER, 0, 0, 0},
    {"GET", SCRIPTS "/{id}/versions/{version}", SEE, version_get, "A version with its text", NULL,
     "rest/script_version", NULL, BB_OWNER, 0, 0, 0},
};

static const struct bb_hook hooks[] = {
    {"admit", 500, on_admit},
    {"quirks", 500, on_quirks},
    {"normalize", 500, on_normalize},
    {"authorize", 500, on_authorize},
    {"boot", 500, on_boot},
    {"price", 500, on_price},
    {"tick", 500, on_tick},
    {"stop", 500, on_stop},
    {"data_transfer", 500, on_data_transfer},
    {"notify", 500, on_notify},
    {"schedule", 500, on_schedule},
};

static const struct bb_topic topics[] = {{"script.failed", failures_on_failed}};

static const struct bb_luafn functions[] = {
    {"get", "(key)", "what was put under the key, or nil", value_get},
    {"put", "(key, value)", "keeps a value for all scripts of the operator; nil takes it away",
     value_put},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_STAMP] = "stamp",
    [Q_HEADS] = "heads",
    [Q_SET_LOAD] = "set_load",
    [Q_SET_KNOWN] = "set_known",
    [Q_VERSION_SOURCE] = "version_source",
    [Q_ROLLBACK_ITEMS] = "rollback_items",
    [Q_SCRIPT_TOUCH] = "script_touch",
    [Q_VERSION_ADD] = "version_add",
    [Q_ACTIVATION_ADD] = "activation_add",
    [Q_ITEM_ADD] = "item_add",
    [Q_SCRIPT_REVIVE] = "script_revive",
    [Q_SCRIPT_DELETE] = "script_delete",
    [Q_OPERATOR_EXISTS] = "operator_exists",
    [Q_SCRIPT_LIST] = "script_list",
    [Q_SCRIPT_GET] = "script_get",
    [Q_VERSION_LIST] = "version_list",
    [Q_VERSION_GET] = "version_get",
    [Q_ACTIVATION_LIST] = "activation_list",
    [Q_FAILURE_LIST] = "failure_list",
    [Q_FAILURE_COUNT] = "failure_count",
    [Q_VALUE_GET] = "value_get",
    [Q_VALUE_PUT] = "value_put",
    [Q_VALUE_DELETE] = "value_delete",
};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct scripts filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		service_open(*self);
	return err;
}

static void on_refresh(void *arg)
{
	struct scripts *p = arg;
	book_refresh(p);
	if (p->loaded)
		watch_look(p);
}

static int start(void *self)
{
	struct scripts *p = self;
	int err = watch_start(p);
	if (err)
		return err;
	p->timer = p->api->timer(p->me, (uint64_t)p->cfg->refresh_ms, true, on_refresh, p);
	p->api->starting(p->me, true);
	book_refresh(p);
	return 0;
}

static void stop(void *self)
{
	struct scripts *p = self;
	p->api->release(p->timer);
}

static void fini(void *self)
{
	struct scripts *p = self;
	failures_free(p);
	watch_free(p);
	book_free(p);
	free(p);
}

BB_PLUGIN(scripts, .version = "1.0", .gives = "scripts/1", .service = &scripts_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .hooks = BB_TABLE(hook, hooks),
	  .topics = BB_TABLE(topic, topics), .lua = BB_TABLE(luafn, functions), .init = init,
	  .start = start, .stop = stop, .fini = fini);

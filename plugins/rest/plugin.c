/* The REST front: keys, limits, idempotency, audit, commands, the message log, health, OpenAPI. */
#include <busbar/callers.h>

#include "private.h"

#define ALL "admin operator user readonly"
#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define CLEAN_EVERY_MS 3600000u
#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"cors_origins", BB_OPT_STR, BB_RELOADABLE, AT(cors_origins), "",
     "origins whose pages may call, separated by spaces: \"https://a.example\"; \"*\" for all", 0,
     0, NULL},
    {"cors_credentials", BB_OPT_BOOL, BB_RELOADABLE, AT(cors_credentials), "false",
     "pages of origins that are named may use the browser's cookies", 0, 0, NULL},
    {"hsts", BB_OPT_MSEC, BB_RELOADABLE, AT(hsts_ms), "0",
     "how long browsers that came over TLS ask for nothing else; 0: not said", 0, 0, NULL},
    {"per_key", BB_OPT_INT, BB_RELOADABLE, AT(per_key), "6000",
     "requests a minute that one key may make; 0: no limit", 0, 1000000000, NULL},
    {"per_address", BB_OPT_INT, BB_RELOADABLE, AT(per_address), "6000",
     "requests a minute that one address may make; 0: no limit", 0, 1000000000, NULL},
    {"idempotency", BB_OPT_MSEC, BB_RELOADABLE, AT(idempotency_ms), "24h",
     "how long an Idempotency-Key is remembered", 60000, 30 * 86400000LL, NULL},
};

static const struct bb_route routes[] = {
    {"*", "/*", NULL, guard, NULL, NULL, NULL, NULL, BB_GUARD, 0},
    {"POST", "/*", NULL, idempotency_observe, NULL, NULL, NULL, NULL, BB_OBSERVER, 0},
    {"*", "/*", NULL, audit_observe, NULL, NULL, NULL, NULL, BB_OBSERVER, 10},

    {"GET", "/health", "public", health, "Is it well? 503 when storage is away", NULL,
     "rest/health", NULL, BB_OWNER, 0, BB_ANSWERS_503},
    {"GET", "/openapi.json", "public", openapi, "This description", NULL, "application/json", NULL,
     BB_OWNER, 0},
    {"GET", "/docs", "public", docs, "This description as a page", NULL, "text/html", NULL,
     BB_OWNER, 0},
    {"GET", "/auth/profile", ALL, profile, "The caller", NULL, "rest/profile", NULL, BB_OWNER, 0},

    {"POST", "/api/admin/bootstrap", "public", bootstrap,
     "Make the first admin key; from this machine, and only while there is none", NULL,
     "rest/key_made", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/keys", "admin", key_list, "API keys", NULL, "rest/key_list",
     "limit cursor role", BB_OWNER, 0},
    {"POST", "/api/admin/keys", "admin", key_create, "Make an API key; it is shown this once",
     "rest/key_new", "rest/key_made", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/keys/{id}", "admin", key_get, "An API key", NULL, "rest/key", NULL,
     BB_OWNER, 0},
    {"DELETE", "/api/admin/keys/{id}", "admin", key_delete, "Take an API key back", NULL, NULL,
     NULL, BB_OWNER, 0},
    {"GET", "/api/admin/audit", CHANGE, audit_list, "Who changed what", NULL, "rest/audit_list",
     "limit cursor actor path from to", BB_OWNER, 0},
    {"GET", "/api/admin/tasks", SEE, task_list, "Durable jobs: waiting, done, dead", NULL,
     "rest/task_list", "limit cursor state name", BB_OWNER, 0},
    {"POST", "/api/admin/tasks/{id}/retry", CHANGE, task_retry, "Try a dead task again, now", NULL,
     "rest/task", NULL, BB_OWNER, 0},

    {"POST", "/api/admin/chargers/{id}/commands", CHANGE, command_send,
     "Send a command: 200 with its end, or 202 while it is under way", "rest/command_new",
     "rest/command_answer", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/chargers/{id}/commands", SEE, command_list, "A charger's commands", NULL,
     "rest/command_list", "limit cursor action state", BB_OWNER, 0},
    {"GET", "/api/admin/commands/{id}", SEE, command_get, "A command", NULL, "rest/command", NULL,
     BB_OWNER, 0},
    {"POST", "/api/charge-points/{charge_point_id}/request", CHANGE, command_send,
     "Send a command, by OCPP identity", "rest/command_new", "rest/command_answer", NULL, BB_OWNER,
     0},
    {"GET", "/api/admin/chargers/{id}/messages", SEE, message_list, "A charger's message log", NULL,
     "rest/message_list", "limit cursor direction action message_id from to", BB_OWNER, 0},
    {"GET", "/api/admin/chargers/{id}/violations", SEE, violation_list,
     "What a charger did wrong and what was repaired, counted", NULL, "rest/violation_list",
     "limit cursor kind action", BB_OWNER, 0},
    {"DELETE", "/api/admin/chargers/{id}/violations", CHANGE, violations_reset,
     "Count anew from zero", NULL, NULL, NULL, BB_OWNER, 0},
    {"GET", "/api/logs", SEE, log_list, "The message log of all chargers", NULL,
     "rest/message_list", "limit cursor direction action message_id from to", BB_OWNER, 0},
    {"GET", "/api/logs/{charge_point_id}", SEE, log_list, "A charger's message log, by identity",
     NULL, "rest/message_list", "limit cursor direction action message_id from to", BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"caller", "closed", "hooks/caller",
     "Who calls, if it is no API key: {authorization?, cookie?, csrf?, method, path, remote}"},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_KEY_BY_HASH] = "key_by_hash",
    [Q_KEY_USED] = "key_used",
    [Q_KEY_BOOTSTRAP] = "key_bootstrap",
    [Q_KEY_INSERT] = "key_insert",
    [Q_KEY_LIST] = "key_list",
    [Q_KEY_GET] = "key_get",
    [Q_ADMIN_KEYS_LOCK] = "admin_keys_lock",
    [Q_KEY_DELETE] = "key_delete",
    [Q_IDEMPOTENCY_CLAIM] = "idempotency_claim",
    [Q_IDEMPOTENCY_GET] = "idempotency_get",
    [Q_IDEMPOTENCY_ANSWER] = "idempotency_answer",
    [Q_IDEMPOTENCY_RELEASE] = "idempotency_release",
    [Q_IDEMPOTENCY_CLEAN] = "idempotency_clean",
    [Q_AUDIT_INSERT] = "audit_insert",
    [Q_AUDIT_LIST] = "audit_list",
    [Q_TASK_LIST] = "task_list",
    [Q_TASK_FIND] = "task_find",
    [Q_TASK_AGAIN] = "task_again",
    [Q_CHARGER_BY_ID] = "charger_by_id",
    [Q_CHARGER_BY_IDENTITY] = "charger_by_identity",
    [Q_COMMAND_LIST] = "command_list",
    [Q_COMMAND_GET] = "command_get",
    [Q_MESSAGE_LIST] = "message_list",
    [Q_VIOLATION_LIST] = "violation_list",
    [Q_VIOLATIONS_RESET] = "violations_reset",
};

static const char *const needs[] = {"chargers/1", NULL};

static bool is_usable(struct bb *me, const struct bb_api *api, const struct config *cfg)
{
	size_t len;
	const char *word = cors_fault(cfg->cors_origins, &len);
	if (word)
		api->log(me, BB_ERROR,
			 "rest.cors_origins has \"%.*s\", which is no origin like "
			 "\"https://a.example:8443\"",
			 (int)len, word);
	return !word;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct rest filled = {.me = me, .api = api, .cfg = cfg};
	if (!is_usable(me, api, cfg))
		return -EINVAL;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		still_open(*self);
	return err;
}

static void on_clean(void *arg)
{
	idempotency_clean(arg);
}

static int start(void *self)
{
	struct rest *p = self;
	p->operators = p->api->service(p->me, "operators/1", sizeof *p->operators);
	p->clean_timer = p->api->timer(p->me, CLEAN_EVERY_MS, true, on_clean, p);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct rest *p = self;
	if (!is_usable(p->me, p->api, cfg))
		return -EINVAL;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	struct rest *p = self;
	p->api->release(p->clean_timer);
}

static void fini(void *self)
{
	struct rest *p = self;
	p->api->arena_free(p->spec_arena);
	free(p);
}

BB_PLUGIN(rest, .version = "1.0", .needs = needs, .gives = "callers/1", .service = &callers_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .questions = BB_TABLE(question, questions),
	  .init = init, .start = start, .reload = reload, .stop = stop, .fini = fini);

/* Operators: to one of them belongs whatever is here. */
#include "operators.h"

#define SEE "admin operator readonly"

static const struct bb_route routes[] = {
    {"GET", OPERATORS_PATH, SEE, operator_list, "Operators; others than admins see their own", NULL,
     "rest/operator_list", "limit cursor", BB_OWNER, 0},
    {"POST", OPERATORS_PATH, "admin", operator_new, "Make an operator", "rest/operator_new",
     "rest/operator", NULL, BB_OWNER, 0},
    {"GET", OPERATORS_PATH "/{id}", SEE, operator_get, "An operator", NULL, "rest/operator", NULL,
     BB_OWNER, 0},
    {"PUT", OPERATORS_PATH "/{id}", "admin", operator_put,
     "Change it, or disable it: its people and tokens are refused", "rest/operator_put",
     "rest/operator", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", OPERATORS_PATH "/{id}", "admin", operator_delete,
     "Remove an operator that has nothing any more", NULL, NULL, NULL, BB_OWNER, 0},
};

static const struct bb_option options[] = {
    {"refresh", BB_OPT_MSEC, 0, offsetof(struct config, refresh_ms), "5s",
     "how often operators that other nodes have disabled are looked for", 100, 3600000, NULL},
};

/* Before scripts, services and wallets: of a disabled operator none of them decides. */
static const struct bb_hook hooks[] = {{"authorize", -1000, state_authorize}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_LIST] = "operator_list",
    [Q_GET] = "operator_get",
    [Q_INSERT] = "operator_insert",
    [Q_UPDATE] = "operator_update",
    [Q_DELETE] = "operator_delete",
    [Q_GONE] = "operator_gone",
    [Q_DISABLED] = "operators_disabled",
    [Q_HAS_KEYS] = "has_keys",
    [Q_HAS_PLACES] = "has_places",
    [Q_HAS_TRANSACTIONS] = "has_transactions",
    [Q_HAS_TOKENS] = "has_tokens",
    [Q_HAS_USERS] = "has_users",
    [Q_HAS_TARIFFS] = "has_tariffs",
    [Q_HAS_WALLETS] = "has_wallets",
    [Q_HAS_PAYMENTS] = "has_payments",
    [Q_HAS_INVOICES] = "has_invoices",
    [Q_HAS_SCRIPTS] = "has_scripts",
    [Q_HAS_QUIRKS] = "has_quirks",
    [Q_HAS_NOTIFICATIONS] = "has_notifications",
    [Q_HAS_FILES] = "has_files",
    [Q_HAS_HOSTS] = "has_hosts",
    [Q_HAS_CAMPAIGNS] = "has_campaigns",
    [Q_HAS_BULK] = "has_bulk",
    [Q_FORGET_COMMANDS] = "forget_commands",
    [Q_FORGET_REVISIONS] = "forget_revisions",
    [Q_FORGET_ANSWERS] = "forget_answers",
    [Q_FORGET_SETTINGS] = "forget_settings",
    [Q_FORGET_EVENTS] = "forget_events",
    [Q_FORGET_VALUES] = "forget_values",
    [Q_FORGET_TARIFF_VERSIONS] = "forget_tariff_versions",
    [Q_FORGET_TARIFFS] = "forget_tariffs",
    [Q_FORGET_ITEMS] = "forget_items",
    [Q_FORGET_ACTIVATIONS] = "forget_activations",
    [Q_FORGET_SCRIPT_VERSIONS] = "forget_script_versions",
    [Q_FORGET_SCRIPTS] = "forget_scripts",
};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct operators filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_HAS_FIRST, filled.q);
	for (uint32_t i = Q_HAS_FIRST; i < Q_COUNT_OF; i++)
		filled.q[i] = api->query(me, query_names[i]);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		state_open(*self);
	return err;
}

static int reload(void *self, const void *cfg)
{
	struct operators *p = self;
	p->cfg = cfg;
	return 0;
}

BB_PLUGIN(operators, .version = "1.0", .gives = "operators/1", .service = &operators_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .hooks = BB_TABLE(hook, hooks), .init = init,
	  .start = state_start, .reload = reload, .stop = state_stop, .fini = state_fini);

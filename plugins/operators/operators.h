/* The plugin's own: what its files share. */
#ifndef OPERATORS_OPERATORS_H
#define OPERATORS_OPERATORS_H
#include <busbar/operators.h>
#include <busbar/rest.h>

#define OPERATORS_PATH "/api/admin/operators"

/* In the order of query_names in plugin.c. */
enum query {
	Q_LIST,
	Q_GET,
	Q_INSERT,
	Q_UPDATE,
	Q_DELETE,
	Q_GONE,
	Q_DISABLED,
	Q_HAS_FIRST, /* from here on NULL where that plugin has no tables */
	Q_HAS_KEYS = Q_HAS_FIRST,
	Q_HAS_PLACES,
	Q_HAS_TRANSACTIONS,
	Q_HAS_TOKENS,
	Q_HAS_USERS,
	Q_HAS_TARIFFS,
	Q_HAS_WALLETS,
	Q_HAS_PAYMENTS,
	Q_HAS_INVOICES,
	Q_HAS_SCRIPTS,
	Q_HAS_QUIRKS,
	Q_HAS_NOTIFICATIONS,
	Q_HAS_FILES,
	Q_HAS_HOSTS,
	Q_HAS_CAMPAIGNS,
	Q_HAS_BULK,
	Q_FORGET_FIRST,
	Q_FORGET_COMMANDS = Q_FORGET_FIRST,
	Q_FORGET_REVISIONS,
	Q_FORGET_ANSWERS,
	Q_FORGET_SETTINGS,
	Q_FORGET_EVENTS,
	Q_FORGET_VALUES,
	Q_FORGET_TARIFF_VERSIONS,
	Q_FORGET_TARIFFS,
	Q_FORGET_ITEMS,
	Q_FORGET_ACTIVATIONS,
	Q_FORGET_SCRIPT_VERSIONS,
	Q_FORGET_SCRIPTS,
	Q_COUNT_OF,
};

struct config {
	int64_t refresh_ms;
};

struct operators {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct bb_slot *timer;
	char **disabled; /* ids */
	uint32_t disabled_count;
	uint32_t changes, changes_read; /* made here; by when the reading began */
	bool reading, is_read;
};

/* state.c */
extern const struct bb_operators operators_service;
void state_open(struct operators *);
/* It has been changed here. */
void state_set(struct operators *, const char *id, bool disabled);
bb_call_fn state_authorize;
int state_start(void *self);
void state_stop(void *self);
void state_fini(void *self);

/* operator.c: the one of the path, if the caller may see it, then `step`. BB_LATER. */
int operator_find(struct bb_call *, struct operators *, bb_rest_fn *step);
bb_call_fn operator_list, operator_get, operator_new, operator_put;

/* delete.c */
bb_call_fn operator_delete;
#endif

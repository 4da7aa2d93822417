/* The plugin's own: what its files share. */
#ifndef SCRIPTS_SCRIPTS_H
#define SCRIPTS_SCRIPTS_H
#include <busbar/refusals.h>
#include <busbar/rest.h>
#include <busbar/scripts.h>

struct config {
	int64_t refresh_ms;
	int64_t value_bytes, value_keys; /* of the store, for each operator */
	const char *watch;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_STAMP,
	Q_HEADS,
	Q_SET_LOAD,
	Q_SET_KNOWN,
	Q_VERSION_SOURCE,
	Q_ROLLBACK_ITEMS,
	Q_SCRIPT_TOUCH,
	Q_VERSION_ADD,
	Q_ACTIVATION_ADD,
	Q_ITEM_ADD,
	Q_SCRIPT_REVIVE,
	Q_SCRIPT_DELETE,
	Q_OPERATOR_EXISTS,
	Q_SCRIPT_LIST,
	Q_SCRIPT_GET,
	Q_VERSION_LIST,
	Q_VERSION_GET,
	Q_ACTIVATION_LIST,
	Q_FAILURE_LIST,
	Q_FAILURE_COUNT,
	Q_VALUE_GET,
	Q_VALUE_PUT,
	Q_VALUE_DELETE,
	Q_COUNT_OF,
};

/* The hooks that a main script may answer, as bits. */
enum hook {
	H_ADMIT = 1 << 0,
	H_AUTHORIZE = 1 << 1,
	H_BOOT = 1 << 2,
	H_NORMALIZE = 1 << 3,
	H_PRICE = 1 << 4,
	H_STOP = 1 << 5,
	H_TICK = 1 << 6,
	H_DATA_TRANSFER = 1 << 7,
	H_NOTIFY = 1 << 8,
	H_SCHEDULE = 1 << 9,
};
/* The bits of those whose names are in an array. */
uint32_t hooks_of(const struct bb_json *functions);
/* The names of those that are hooks. */
const struct bb_json *hooks_named(struct bb_arena *, const struct bb_json *functions);

/* A set in memory, mostly the one that is active. */
struct active {
	struct bb_arena *arena;
	int64_t number;
	uint32_t hooks;
	struct bb_script
	    script; /* its main, with the others as modules; its version is the number */
};

/* Failures that are not in the database yet. */
struct failing;

struct scripts {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct active **active; /* by operator */
	uint32_t active_count, active_cap;
	uint32_t hooks; /* that any operator answers */
	bool loaded, refreshing;
	int64_t stamp;
	struct bb_slot *timer;
	struct failing *failing; /* a list */
	bool counting;
	struct watch *watch;         /* NULL: no folder is watched */
	struct bb_refusals refusals; /* of chargers */
};

/* book.c: the active sets in memory. They are read at start, when REST has changed one, and when
 * another node has: a small query tells every few seconds. */
void book_refresh(struct scripts *);
void book_free(struct scripts *);
/* NULL: the operator has none that answers one of these hooks. */
const struct active *book_find(const struct scripts *, const char *operator_id, uint32_t hooks);
/* Reads one operator's again, then calls fn, in every case. */
void book_reload(struct scripts *, const char *operator_id, bb_fn *fn, void *arg);
/* The set in the columns of set_load, in the arena. */
struct active *active_of(const struct scripts *, struct bb_arena *, const struct bb_rows *);

/* service.c: "scripts/1". */
extern const struct bb_scripts scripts_service;
void service_open(struct scripts *);

/* hooks.c */
bb_call_fn on_admit, on_authorize, on_boot, on_normalize, on_price, on_stop, on_tick,
    on_data_transfer, on_notify, on_schedule, on_quirks;

/* values.c: busbar.scripts.get and put. */
bb_call_fn value_get, value_put;

/* failures.c: counts what the topic `script.failed` tells. */
void failures_on_failed(const struct bb_json *event, void *self);
void failures_free(struct scripts *);

/* read.c: REST. */
bb_call_fn script_list, script_get, version_list, version_get, activation_list, failure_list;
/* write.c: REST. */
bb_call_fn script_push, script_check, script_activate, script_rollback, script_delete;

/* watch.c: a folder whose files are loaded when they change. */
int watch_start(struct scripts *);
void watch_look(struct scripts *);
void watch_free(struct scripts *);
#endif

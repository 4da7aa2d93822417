/* The plugin's own: what its files share. */
#ifndef BULK_BULK_H
#define BULK_BULK_H
#include <busbar/bulk.h>
#include <busbar/chargers.h>
#include <busbar/rest.h>

/* In the order of query_names in plugin.c. */
enum query {
	Q_INSERT,
	Q_INSERT_CHARGER,
	Q_BEGIN,
	Q_FORGET_UNREADY,
	Q_UNCLAIM,
	Q_RUNNING,
	Q_SETTLE,
	Q_EXPIRE,
	Q_OPEN,
	Q_NEXT,
	Q_CLAIM,
	Q_UNASKED,
	Q_DONE,
	Q_STOP,
	Q_STOP_CHARGERS,
	Q_LIST,
	Q_GET,
	Q_COUNTS,
	Q_CHARGERS,
	Q_COUNT,
};

struct config {
	int64_t pace_ms;
};

struct bulk {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT];
	const struct bb_chargers *chargers;
	struct run *runs; /* what is being worked off */
	struct bb_slot *timer;
};

/* creation.c: makes them, for the route and for other plugins. */
extern const struct bb_bulk bulk_service;
void creation_open(struct bulk *);
/* create.c */
bb_call_fn bulk_create;
/* show.c */
bb_call_fn bulk_list, bulk_get, bulk_chargers;
/* The answer to a call: the bulk command of that id, as the caller may see it; else 404. */
void bulk_show(struct bb_rest *, const char *id);
/* The chargers by their state, of rows of `counts`. */
const struct bb_json *bulk_counts(struct bb_arena *, const struct bb_rows *, int64_t *ret_total);
/* stop.c */
bb_call_fn bulk_stop;

/* run.c: working bulk commands off. Starts with those that the last process left. */
void run_start(struct bulk *);
void run_stop(struct bulk *);
/* Storage calls back no more. */
void run_forget(struct bulk *);
/* `payload` is copied. */
void run_add(struct bulk *, const char *id, const char *operator_id, const char *action,
	     const struct bb_json *payload, int64_t at_once, bool queue, int64_t deadline_ms);
/* A charger is there: those that wait for it look again. */
bb_event_fn run_on_connected;
#endif

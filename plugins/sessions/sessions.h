/* The plugin's own: what its files share. */
#ifndef SESSIONS_SESSIONS_H
#define SESSIONS_SESSIONS_H
#include <busbar/rest.h>
#include <busbar/tariffs.h>
#include <busbar/wallet.h>

#include "running.h"

struct config {
	int64_t every_ms, silent_every_ms, at_once, tick_timeout_ms, stop_again_ms,
	    stop_again_most_ms;
};

/* In the order of query_names in plugin.c. */
enum query { Q_RUNNING, Q_CUT_OFF, Q_TARGET, Q_TRIED, Q_FIND, Q_LIST, Q_COUNT_OF };

struct sessions {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_tariffs *tariffs;
	const struct bb_wallets *wallets; /* NULL: that plugin is not loaded */
	struct board board;
	int64_t at_work, telling; /* looks; chargers that are looked up to be told to stop */
	bool stopping;
};

/* watch.c: keeps the board, and hands out work: when a look is done(), or a charger told(). */
int watch_start(struct sessions *);
bb_event_fn on_started, on_ended, on_connected;
bb_call_fn see_meter_values;
void done(struct sessions *, struct running *);
void told(struct sessions *);

/* look.c: one look at a session: its price so far, and the question `tick`. */
void look(struct sessions *, struct running *);

/* cut_off.c: decides it for good; tells the charger, again and again. */
struct decision {
	const char *by, *reason;
	const struct bb_json *question; /* as `tick` was asked */
};
void cut_off(struct sessions *, struct running *, const struct decision *, bb_fn *then, void *arg);
void tell_to_stop(struct sessions *, struct running *);

/* rest.c */
bb_call_fn session_running, cut_off_list;
#endif

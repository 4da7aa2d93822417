/* The plugin's own: what its files share. */
#ifndef CHARGERS_CHARGERS_H
#define CHARGERS_CHARGERS_H
#include <busbar/rest.h>

#include "registry.h"
#include "slowdown.h"

#define RESERVE 256u

struct config {
	const char *unknown; /* "reject", "accept" or "pending" */
	const char *unknown_operator;
	const char *node;
	int64_t refresh_ms, last_seen_ms, password_iterations;
	int64_t password_delay_ms, password_delay_most_ms;
	const char *new_passwords;    /* "hex" or "text" */
	const char *certificate_name; /* "identity", "serial" or "either" */
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_LOAD,
	Q_LOAD_CHANGED,
	Q_LOAD_ONE,
	Q_COUNT,
	Q_FIND,
	Q_SELECT,
	Q_RESERVE_ID,
	Q_REGISTER_UNKNOWN,
	Q_SET_LAST_SEEN,
	Q_STATION_LIST,
	Q_STATION_GET,
	Q_STATION_INSERT,
	Q_STATION_UPDATE,
	Q_STATION_DELETE,
	Q_CHARGER_LIST,
	Q_CHARGER_LIST_CONNECTORS,
	Q_CHARGER_GET,
	Q_CHARGER_INSERT,
	Q_CHARGER_LOCK,
	Q_CHARGER_UPDATE,
	Q_CHARGER_DELETE,
	Q_CHARGER_FAULTS_DELETE,
	Q_PENDING_ADD,
	Q_PENDING_USE,
	Q_PENDING_DROP_UP_TO,
	Q_PENDING_DROP_OPEN,
	Q_PENDING_DROP_ALL,
	Q_PENDING_ACCEPT,
	Q_PENDING_ACCEPTED,
	Q_PENDING_STATE,
	Q_PENDING_DROP,
	Q_TOUCH,
	Q_TOUCH_IDENTITY,
	Q_PROFILE_ASK,
	Q_PROFILE_AGREED,
	Q_PROFILE_DROP,
	Q_PROFILE_USE,
	Q_LOAD_IDENTITY,
	Q_KIND_LIST,
	Q_KIND_GET,
	Q_KIND_SET,
	Q_KIND_DELETE,
	Q_COUNT_OF,
};

struct chargers {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	char node[128]; /* this node's name in answers */

	struct registry registry;
	struct slowdown slowdown;
	struct {
		bool loaded; /* once */
		bool busy;
		uint32_t generation; /* of the latest pass over the whole table */
		int64_t after_id;    /* where that pass is */
		int64_t since_ms;    /* rows changed before this are known */
		int64_t started_ms;  /* when the pass or the refresh at work began */
	} sync;

	int64_t reserved[RESERVE]; /* ids for chargers that nobody registered */
	uint32_t reserved_count;
	bool reserving;
	struct newcomer *newcomers; /* admitted, their rows not committed yet */

	struct bb_slot *refresh_timer, *seen_timer;
};

/* sync.c: the registry follows the table. */
void sync_run(struct chargers *);
/* This node has just written the row: forgets (-> closes its link) or renews what is known of it.
 */
void sync_forget(struct chargers *, const char *charge_point_id);
void sync_rows(struct chargers *, const struct bb_rows *);
bb_event_fn sync_on_booted;

/* admit.c */
bb_call_fn admit;

/* unknown.c: chargers that nobody registered. NULL: not now (no id at hand). */
struct charger *unknown_register(struct chargers *, const char *charge_point_id);
void unknown_reserve(struct chargers *);
bb_call_fn unknown_wait; /* before every action: a newcomer's first message waits for its row */

/* last_seen.c */
void last_seen_flush(struct chargers *);
bb_event_fn last_seen_on_disconnect;

/* live.c: chargers as JSON, with the state of their links. */
bb_rest_fn live_show_one; /* ends the call with the charger in the rows, or 404 */
/* The charger of rows as charger_get's, one per connector. */
const struct bb_json *live_charger(struct chargers *, struct bb_arena *, const struct bb_rows *);
/* Where rows of chargers have what; once for all of them. */
struct live_columns {
	const char **names; /* of those before last_seen_at */
	uint32_t identity, quirks, seen, password;
};
struct live_columns live_columns(struct bb_arena *, const struct bb_rows *);
/* All of a charger but its connectors. */
void live_put(struct chargers *, struct bb_builder *, const struct live_columns *,
	      const struct bb_rows *, uint32_t row);
/* From rows of the charger's id and, from column `first` on, a connector; `*row` ends behind those
 * of the charger. */
const struct bb_json *live_connectors(struct bb_arena *, const struct bb_rows *, uint32_t *row,
				      int64_t charger, uint32_t first);
bb_call_fn connection_list, connection_get;

/* stations.c */
/* connectors.c */
bb_call_fn connector_list, connector_put, connector_delete;
bb_call_fn station_list, station_create, station_get, station_put, station_delete;

/* charger_list.c, charger_write.c */
bb_call_fn charger_list, charger_get, charger_create, charger_put, charger_delete;
#endif

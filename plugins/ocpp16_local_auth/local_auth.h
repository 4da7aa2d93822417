/* What the files of this plugin share. Everything runs on the loop thread. */
#ifndef OCPP16_LOCAL_AUTH_LOCAL_AUTH_H
#define OCPP16_LOCAL_AUTH_LOCAL_AUTH_H
#include <busbar/command.h>

/* Configuration keys: entries that a charger has room for, and that it takes in a message. */
#define LIST_MAX "LocalAuthListMaxLength"
#define PART_MAX "SendLocalListMaxLength"

struct local_auth_config {
	const char *lists; /* "on" or "off": of chargers for which nobody has decided */
	int64_t check_every_ms, retry_after_ms, at_once, part_most;
};

/* The names are in plugin.c, as in sql/ocpp16_local_auth/queries.sql. */
enum query {
	Q_DUE,
	Q_ROW_ADD,
	Q_FACTS,
	Q_WANTED,
	Q_ENTRIES,
	Q_CURRENT,
	Q_UNCHANGED,
	Q_FAILED,
	Q_BOOTED,
	Q_CONNECTED,
	Q_ROW_OF,
	Q_CLEARED,
	Q_REMOVED,
	Q_ADDED,
	Q_ACCEPTED,
	Q_UNKNOWN,
	Q_TOLD,
	Q_LIMITS,
	Q_LIST,
	Q_ENTRY_LIST,
	Q_SET_MODE,
	Q_SYNC,
	Q_STATION,
	Q_STATION_SET,
	Q_STATION_DUE,
	Q_COUNT_OF
};

struct look;
struct sync;
struct local_auth {
	struct bb *me;
	const struct bb_api *api;
	const struct local_auth_config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_chargers *chargers;
	struct bb_slot *timer;
	struct sync *syncs; /* at work */
	int64_t sync_count;
	struct look *look; /* on its way, or NULL */
	bool stopping;
};

/* look.c: finds lists that are due, and has them synced, so many at once. */
int look_start(struct local_auth *);
void look_stop(struct local_auth *);
void look_soon(struct local_auth *);
/* A sync has ended: a look that is reading does not begin another of what was before. */
void look_ended(struct local_auth *, int64_t charger_id);
void look_on_booted(const struct bb_json *event, void *self);
void look_on_connected(const struct bb_json *event, void *self);

/* sync.c: brings one charger's list up to date; does nothing if that is at work already. */
void sync_begin(struct local_auth *, int64_t charger_id, const char *charge_point_id);
bool sync_is_at_work(const struct local_auth *, int64_t charger_id);
void sync_free_all(struct local_auth *);

/* record.c: of bb_outgoing */
int send_list_check(const struct bb_ask *, struct bb_arena *, const struct bb_json **ret_errors,
		    void *self);
void send_list_ended(struct bb_unit *, const struct bb_sent *, void *self);
void version_ended(struct bb_unit *, const struct bb_sent *, void *self);
void configuration_ended(struct bb_unit *, const struct bb_sent *, void *self);

/* rest.c */
bb_call_fn local_list_all, local_list_get, local_list_put, local_list_sync, local_list_entries;

/* station.c */
bb_call_fn local_list_station_get, local_list_station_put;
#endif

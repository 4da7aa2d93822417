/* OCPP-J: the envelope, chargers' links, dispatch of what they ask, commands to them, the message
 * log. Knows no action. */
#ifndef OCPPJ_OCPPJ_H
#define OCPPJ_OCPPJ_H
#include <busbar/plugin.h>

#include "net/net.h"
#include "plugin/host.h"

struct ocppj;

struct ocppj_options {
	int64_t call_ms;      /* how long a handler may take to answer a charger */
	int64_t command_ms;   /* how long a charger may take to answer us, unless the asker says */
	int64_t queued_calls; /* of one charger, waiting while one is at work; more: closed 1008 */
	int64_t replay_calls; /* answers kept per charger for repeated message ids */
	int64_t log_delay_ms; /* how long rows of the message log may wait to be written together */
	int64_t log_rows;     /* of the message log that may wait in memory; more are lost */
	int64_t log_retention_ms; /* of the message log; 0: for ever */
	bool log_messages;        /* keep the message log */
};

struct ocppj *ocppj_new(struct loop *, struct host *, const struct schema_set *,
			const struct ocppj_options *);
/* The message log's and the commands' queries are known now; loads queued commands. */
int ocppj_start(struct ocppj *, char **ret_error);
void ocppj_free(struct ocppj *);
/* NULL-terminated: the subprotocols that some plugin has actions for. */
const char *const *ocppj_subprotocols(struct ocppj *);
/* The WebSocket half of net's handler; `user` is ocppj's own. */
int ocppj_upgrade(const struct net_upgrade *, struct net_accept *ret, struct ocppj *);
void ocppj_opened(struct net_link *, const char *subprotocol, void *user, struct ocppj *);
void ocppj_message(struct net_link *, const char *text, size_t len, void *user, struct ocppj *);
void ocppj_alive(struct net_link *, void *user, struct ocppj *);
void ocppj_closed(struct net_link *, uint16_t code, void *user, struct ocppj *);

/* New frames are no longer read; `fn` once no calls of chargers are at work. */
void ocppj_drain(struct ocppj *, bb_fn *fn, void *arg);

/* plugin.h's ask_charger, with the asker's plugin for the log. */
int ocppj_ask(struct ocppj *, const char *plugin, const struct bb_ask *, struct bb_arena *,
	      const char **ret_id, const struct bb_json **ret_errors, bb_command_fn *fn, void *arg);
uint32_t ocppj_link_count(const struct ocppj *);
void ocppj_link_each(struct ocppj *, bool (*fn)(const struct bb_link *, void *), void *arg);
const struct bb_link *ocppj_link_find(struct ocppj *, const char *charge_point_id);
int ocppj_link_register(struct ocppj *, const char *charge_point_id, const char *registration);
int ocppj_link_close(struct ocppj *, const char *charge_point_id, uint16_t code,
		     const char *reason);
#endif

/* The plugin's own: what its files share. */
#ifndef EVENTS_EVENTS_H
#define EVENTS_EVENTS_H
#include <busbar/callers.h>
#include <busbar/rest.h>

#include "frame.h"
#include "match.h"
#include "ring.h"

struct config {
	const char *kinds;
	int64_t delay_ms, retention_ms, refresh_ms, behind, heartbeat_ms, streams,
	    streams_per_caller;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_WROTE,
	Q_EDGE,
	Q_EDGE_OF_COMMAND,
	Q_AFTER,
	Q_BETWEEN,
	Q_SWEEP_TO,
	Q_SWEEP,
	Q_SWEEP_WRITERS,
	Q_METER_FIND,
	Q_METER_NEXT,
	Q_COUNT_OF,
};

/* Facts that were told and are not stored yet. */
struct fact;
struct recorder {
	struct fact *first, **last;
	uint32_t count, sent; /* of all; of the batch that is on its way */
	size_t bytes;
	const char *writer; /* of this process */
	int64_t batch;
	bool busy, had_turn, losing;
	uint64_t lost;
	uint32_t alone; /* so many go one by one: one of them is refused */
	struct bb_slot *timer;
};

struct stream;
struct events {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF],
	    *edge_of_bulk,          /* NULL: the plugin bulk is not there */
	    *write_all, *write_one; /* NULL: a batch goes by the other one */
	const struct bb_callers *callers;
	char *kinds; /* that are written: ",a,b,"; NULL: all */
	struct recorder recorder;
	struct {
		struct ring ring;
		uint32_t listeners; /* the ring is there while there are any */
		bool reading, again;
		int64_t read_from; /* what is being read is all after this id */
		int64_t read_ms;
	} feed;
	struct stream *streams;
	uint32_t stream_count;
	struct bb_slot *tick, *sweep_timer;
	bool draining; /* streams are ended, and no new ones begin */
	bool stopping; /* nothing is begun any more */
};

/* facts.c: every topic that becomes an event. */
#define FACTS(X)                                                       \
	X(charger_connected, "charger.connected", "charger")           \
	X(charger_disconnected, "charger.disconnected", "charger")     \
	X(charger_booted, "charger.booted", "charger")                 \
	X(charger_refused, "charger.refused", "charger")               \
	X(connector_status, "connector.status", "connector")           \
	X(transaction_started, "transaction.started", "transaction")   \
	X(transaction_updated, "transaction.updated", "transaction")   \
	X(transaction_ended, "transaction.ended", "transaction")       \
	X(transaction_priced, "transaction.priced", "transaction")     \
	X(transaction_billed, "transaction.billed", "transaction")     \
	X(session_cut_off, "session.cut_off", "transaction")           \
	X(command_queued, "command.queued", "command")                 \
	X(command_sent, "command.sent", "command")                     \
	X(command_ended, "command.ended", "command")                   \
	X(bulk_progress, "bulk.progress", "bulk")                      \
	X(bulk_ended, "bulk.ended", "bulk")                            \
	X(task_done, "task.done", "task")                              \
	X(task_failed, "task.failed", "task")                          \
	X(task_dead, "task.dead", "task")                              \
	X(security_event, "security.event", "security")                \
	X(firmware_status, "firmware.status", "firmware")              \
	X(firmware_ended, "firmware.ended", "firmware")                \
	X(diagnostics_status, "diagnostics.status", "firmware")        \
	X(diagnostics_ended, "diagnostics.ended", "firmware")          \
	X(campaign_finished, "firmware.campaign.finished", "firmware") \
	X(campaign_stopped, "firmware.campaign.stopped", "firmware")   \
	X(file_received, "file.received", "file")                      \
	X(wallet_low, "wallet.low", "billing")                         \
	X(payment_paid, "payment.paid", "billing")                     \
	X(payment_failed, "payment.failed", "billing")                 \
	X(payment_expired, "payment.expired", "billing")               \
	X(payment_refunded, "payment.refunded", "billing")             \
	X(payment_disputed, "payment.disputed", "billing")             \
	X(invoice_issued, "invoice.issued", "billing")                 \
	X(operator_disabled, "operator.disabled", "operator")          \
	X(operator_enabled, "operator.enabled", "operator")            \
	X(script_failed, "script.failed", "script")

#define FACT_FUNCTION(name, topic, kind) fact_##name,
bb_event_fn FACTS(FACT_FUNCTION) server_stopping;
/* ",a,b," of the words in `list`, malloc'd; NULL if it has none. False: one is no kind. */
bool kinds_read(const char *list, char **ret);

/* record.c: an event of each fact, in batches. */
void record(struct events *, const char *kind, const char *topic, const struct bb_json *fact);
void record_open(struct events *);
/* Writes what there is now; the last thing that it does. */
void record_stop(struct events *);
void record_close(struct events *);

/* feed.c: the events that are stored, for those who are there. */
void feed_join(struct events *, int64_t newest);
void feed_leave(struct events *);
/* There is something new, or there may be. */
void feed_wake(struct events *);
/* A row of `after` or `between`. */
struct subject subject_of(const struct bb_rows *, uint32_t row);
void event_frame(const struct bb_api *, struct bb_bytes *, const struct bb_rows *, uint32_t row);

/* The user whose things alone the caller may see; NULL: not only one's. */
static inline const char *own_user(const struct bb_api *api, const struct bb_call *call)
{
	const char *id = api->attr(call, "user_id");
	return strcmp(api->attr(call, "role"), "user") != 0 ? NULL : id ? id : "";
}

/* The routes. */
bb_call_fn event_stream; /* listen.c */
bb_call_fn meter_stream; /* meter.c */
/* There is something new in the ring. */
void listen_wake(struct events *);
#endif

/* What all files of this plugin share. Everything runs on the loop thread. */
#ifndef OCPP16_CORE_CORE16_H
#define OCPP16_CORE_CORE16_H
#include <busbar/command.h>

#define OCPP16 "ocpp1.6"

struct core16_config {
	int64_t heartbeat_interval_ms;
	int64_t pending_interval_ms;
	int64_t rejected_interval_ms;
	int64_t reconcile_after_ms;
	int64_t reconcile_every_ms;
	int64_t offline_after_ms;
};

/* The names are in queries.c, as in sql/ocpp16_core/queries.sql. */
enum core16_query {
	Q_BOOT,
	Q_REGISTER,
	Q_SUSPEND_TRANSACTIONS,
	Q_STATUS_HISTORY,
	Q_STATUS,
	Q_TRANSACTIONS_ON_CONNECTOR,
	Q_SUSPEND_TRANSACTION,
	Q_RESUME_ON_CONNECTOR,
	Q_TRANSACTIONS_FOR_START,
	Q_TWIN_WITHOUT_CLOCK,
	Q_COUNT_ALONE,
	Q_START_TRANSACTION,
	Q_NUMBER_TRANSACTION,
	Q_TRANSACTIONS_FOR_STOP,
	Q_END_TRANSACTION,
	Q_FLAG_TRANSACTION,
	Q_UNKNOWN_TRANSACTION,
	Q_TRANSACTION_SAMPLE,
	Q_METER_SAMPLE,
	Q_METER_SAMPLE_WITHOUT_CLOCK,
	Q_METER_READING,
	Q_METER_RESUMES,
	Q_OVERDUE_TRANSACTIONS,
	Q_RUNNING_TRANSACTION,
	Q_RUNNING_ON_CONNECTOR,
	Q_COUNT,
};

struct core16 {
	struct bb *bb;
	const struct bb_api *api;
	const struct core16_config *config;
	const struct bb_query *query[Q_COUNT];
	const struct bb_chargers *chargers;
	struct bb_slot *sweep; /* the reconciliation's timer */
	bool sweeping;         /* one sweep at a time */
};

/* Looks up every query; -ENOENT if one is missing (it has been logged by name). */
int queries_find(struct core16 *);

/* A charger's call that waits for storage or a hook. Lives in the call's arena, first in each
 * handler's own struct. */
struct waiting {
	struct core16 *core;
	struct bb_call *call;
	struct bb_reply *reply;
	struct bb_arena *arena;
	const struct bb_link *link;
	const struct bb_json *payload;
	int64_t now_ms;  /* when the message came */
	const char *now; /* the same, as storage takes it */
};

/* Defers the call. A negative errno is the handler's verdict. */
int waiting_begin(struct waiting *, struct core16 *, struct bb_call *);
void waiting_answer(struct waiting *, const struct bb_json *);
/* Answers with InternalError, at once, so that the charger sends its message again. `what` is
 * what could not be done: "the transaction could not be stored". */
void waiting_fail(struct waiting *, int err, const char *what);
/* A time as storage takes it. */
struct bb_val waiting_time(const struct waiting *, int64_t ms);
/* Reads, then calls `fn`, in every case. */
void waiting_read(struct waiting *, enum core16_query, uint32_t n, const struct bb_val *,
		  bb_rows_fn *fn, void *arg);

/* A unit under construction; a statement that cannot be added fails the whole at commit. */
struct work {
	struct core16 *core;
	struct bb_unit *unit;
	uint32_t count; /* of its statements */
	int err;
};
struct work work_begin(struct core16 *);
/* `fn` may be NULL. */
void work_add(struct work *, enum core16_query, uint32_t n, const struct bb_val *, bb_rows_fn *fn,
	      void *arg);
/* Calls `fn`, in every case; an empty unit is done at once, without rows. */
void work_commit(struct work *, bb_rows_fn *fn, void *arg);

/* One handler per action and route; the file is named as the action. */
int boot_notification(struct bb_call *, void *self);
int heartbeat(struct bb_call *, void *self);
int status_notification(struct bb_call *, void *self);
int authorize(struct bb_call *, void *self);
int start_transaction(struct bb_call *, void *self);
int stop_transaction(struct bb_call *, void *self);
int meter_values(struct bb_call *, void *self);
int data_transfer(struct bb_call *, void *self);
int remote_start(struct bb_call *, void *self);
int remote_stop(struct bb_call *, void *self);
int change_availability(struct bb_call *, void *self);

/* What the routes on one charger share; see bb_on_charger(). */
static inline int charger_route(struct bb_call *call, struct core16 *core,
				void (*found)(struct bb_rest *))
{
	return bb_on_charger(core->api, core->bb, core->chargers, call, core, found);
}

/* registration.c: before every action of a charger that is rejected; before a transaction is
 * started at one that is not accepted yet. */
int refuse_rejected(struct bb_call *, void *self);
int check_transaction_command(const struct bb_ask *, struct bb_arena *,
			      const struct bb_json **ret_errors, void *self);

int reconciliation_start(struct core16 *);
void reconciliation_stop(struct core16 *);
#endif

/* The plugin's own: what its files share. */
#ifndef PAYMENTS_PAYMENTS_H
#define PAYMENTS_PAYMENTS_H
#include <busbar/payments.h>
#include <busbar/rest.h>
#include <busbar/wallet.h>

#include "state.h"

/* In the order of query_names in plugin.c. */
enum query {
	Q_INSERT,
	Q_LOOK,
	Q_CHANGE,
	Q_UPDATE,
	Q_EVENT,
	Q_EVENT_MATCHED,
	Q_POSTING,
	Q_POSTED,
	Q_REFUND,
	Q_REFUND_END,
	Q_REFUND_OF,
	Q_DISPUTE,
	Q_DISPUTE_NAMED,
	Q_DUE,
	Q_CLAIM,
	Q_PUT_OFF,
	Q_NOW_MATCHED,
	Q_MATCHED_BY,
	Q_NOT_POSTED,
	Q_SWEEP,
	Q_LIST,
	Q_GET,
	Q_CHANGES,
	Q_REFUNDS,
	Q_DISPUTES,
	Q_EVENTS,
	Q_MISMATCHES,
	Q_COUNT_OF
};

struct config {
	const char *gateway;
	int64_t expires_ms, look_after_ms, look_every_ms, check_every_ms, keep_events_ms, late_ms;
};

struct payments {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_wallets *wallets;
	const struct bb_query *q[Q_COUNT_OF];
	struct bb_slot *check, *forget;
	uint32_t looking; /* tasks payments_look that wait for a gateway */
};

/* step.c: one change of one payment, from reading it to the commit of all that follows from it. */
struct step_end {
	int err; /* -ENOENT: no such payment; -ENOSPC: the wallet does not have what is to be taken
		  */
	enum bb_payment_outcome outcome;
	const char *reason;          /* of what was refused */
	const struct payment *after; /* NULL: there is none */
};
/* All in `end` lives until it returns. */
typedef void step_fn(const struct step_end *end, void *arg);

struct step {
	const char *gateway;
	enum payment_what what;
	struct bb_payment_fact fact; /* names the payment, always */
	bool kept;                   /* the event is stored, as unmatched */
	/* Of WHAT_REFUND_ASKED. */
	int64_t refund_minor;
	const char *reason, *made_by;
	const char *error; /* of WHAT_REFUND_REFUSED */
};
/* All of it is copied; fn runs once, perhaps before this returns. */
void step_begin(struct payments *, const struct step *, step_fn *fn, void *arg);

/* row.c: of the query look. False: there is no such payment. */
struct look {
	struct payment payment;
	const char *event_outcome, *refund_state;
	int64_t refund_minor;
	int64_t room_minor;      /* what the wallet can give */
	const char *dispute_ref; /* the name under which the dispute is stored; NULL: it is not */
};
bool look_read(struct bb_arena *, const struct bb_rows *, struct look *ret);
/* The query for the payment alone; fn runs once, perhaps before this returns. */
void look_by_id(struct payments *, const char *gateway, const char *id, bb_rows_fn *fn, void *arg);
struct bb_payment payment_shown(const struct payments *, const struct payment *);

/* ledger.c: what the ledger is to have of a payment, in the unit that changes it. */
void ledger_add(struct payments *, struct bb_unit *, struct bb_arena *, const struct payment *,
		const char *kind, const char *reference, int64_t amount_minor);

/* service.c */
extern const struct bb_payments payments_service;
void service_open(struct payments *);
const struct bb_gateway *gateway_find(const struct payments *, const char *name);
/* The kinds as they are stored. */
const char *kind_name(uint32_t kind);
uint32_t kind_of(const char *name);

/* A driver's key, of another user than the path's {id}: the call has been failed. */
bool is_of_others(const struct bb_api *, struct bb_call *);

/* checkout.c, refund.c */
bb_call_fn checkout, refund;
/* The task payments_refund. */
bb_call_fn refund_task;

/* again.c: what is due; events that have waited for their payment, of any or of one; events that
 * are old; the task payments_look. */
void again_check(void *payments);
void again_match_since(struct payments *, int64_t since_ms);
void again_match(struct payments *, const struct payment *);
void again_forget(void *payments);
bb_call_fn look_task;

/* read.c */
bb_call_fn payment_list, payment_get, event_list, mismatch_list;
bb_call_fn payments_of_user, payment_of_user;
bb_rest_fn payment_show;
/* Answers with the payment of that id. */
void payment_answer(struct bb_rest *, const char *id);
#endif

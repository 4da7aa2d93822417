/* A transaction's end on its way into storage, and out as a fact. */
#ifndef OCPP16_CORE_ENDED_H
#define OCPP16_CORE_ENDED_H
#include "core16.h"
#include "transaction.h"

struct ended {
	struct core16 *core;
	const struct transaction *transaction;
	struct ending ending;
	bool changed; /* after the commit: nobody else had ended it */
};

/* The end and the durable task `price_transaction`, in this unit. `e` must live until the unit's
 * callback. */
void ended_add(struct work *, struct bb_arena *, struct ended *e, int64_t now_ms);
/* After the commit: the topic `transaction.ended`. */
void ended_tell(const struct ended *, struct bb_arena *, const char *charge_point_id);

/* stop_hook.c: asks the hook `stop` about the session, for its flags and its note, then calls fn,
 * in every case. */
void stop_ask(struct waiting *, const struct transaction *, struct ending *, bb_fn *fn, void *arg);

/* What every fact about a transaction begins with. */
void fact_begin(struct bb_builder *, const struct transaction *, const char *charge_point_id);
#endif

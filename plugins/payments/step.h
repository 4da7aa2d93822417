/* A step on its way: step.c leads it, step_store.c has its statements. */
#ifndef PAYMENTS_STEP_H
#define PAYMENTS_STEP_H
#include "payments.h"

struct stepping {
	struct payments *p;
	struct bb_arena *arena;
	struct step step;
	step_fn *fn;
	void *arg;
	int looks;
	struct look look;
	struct payment after;
	const char *now, *refused;
	enum bb_payment_outcome outcome;
	bool found;
};

/* The name of the dispute that a fact is about; NULL: it is about none. */
const char *dispute_ref_of(const struct bb_payment_fact *);
/* The change of the payment: what it is now, what the ledger shall have of it, what became of a
 * refund. The first statement fails if somebody has changed the payment since it was read. */
void step_add_payment(struct stepping *, struct bb_unit *);
/* What was told, and what became of that. */
void step_add_event(struct stepping *, struct bb_unit *);
#endif

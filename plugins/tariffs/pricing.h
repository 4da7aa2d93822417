/* One run of the task price_transaction, from the transaction's rows to its stored price. */
#ifndef TARIFFS_PRICING_H
#define TARIFFS_PRICING_H
#include "facts.h"
#include "tariffs.h"

struct pricing {
	struct tariffs *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
	int64_t id;
	const char *ended_at, *error;
	const char *tariff_at; /* the tariff's version of that time; NULL: as the session started */
	struct bb_builder event; /* transaction.priced, under construction */
	struct facts facts;
	const struct bb_json *session; /* the same, as `price` is asked with it */
	bool changed;
	struct running *running; /* price_running.c: it is one that runs; NULL: the task's */
};

/* The two ends of the task: to be tried again, and not. */
void pricing_give_up(struct pricing *, const char *code, const char *text);
void pricing_done(struct pricing *);

/* pricing_facts.c: reads the facts, asks `price` with them, and goes on with the answer; done if
 * there is nothing to price. */
void pricing_read(struct pricing *);
/* price_transaction.c: the hook's answer; `arg` is the pricing. */
bb_json_fn pricing_answered;

/* pricing_store.c: each ends the task. The bill has been checked. */
void pricing_store(struct pricing *, const struct bb_json *bill);
void pricing_fail(struct pricing *, const char *error);
void pricing_none(struct pricing *);
#endif

/* How often chargers break the rules, and how often what they sent was repaired: a row per charger
 * and kind of fault in the table charger_faults. Counts are gathered in memory and written together
 * a second later; no message waits for them, and a killed server loses the last second's. */
#ifndef OCPPJ_TALLY_H
#define OCPPJ_TALLY_H
#include "db/db.h"
#include "loop/loop.h"

struct tally;

/* What a charger has added since counts were last written; zero at first. */
struct tally_share {
	uint32_t turn, rows;
};

/* Texts are copied; those of the last two lines may be NULL. */
struct fault {
	int64_t charger_id;
	const char *operator_id, *charge_point_id;
	const char *kind;      /* "violation", "repair" or "failure" (of a script) */
	const char *direction; /* "request", "response", or "frame" where it is neither */
	const char *action, *code, *path, *message_id;
	const char *rule; /* what was broken, or the name of the repair */
};

struct tally *tally_new(struct loop *, struct db *);
/* What is not written by then is lost. NULL is fine in all that follow. */
void tally_free(struct tally *);
void tally_add(struct tally *, struct tally_share *, const struct fault *);
/* Writes what there is without waiting any longer, from now on. */
void tally_flush(struct tally *);
#endif

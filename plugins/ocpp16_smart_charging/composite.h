/* The composite schedule: what all profiles together come to (specification, 3.13). Pure. */
#ifndef OCPP16_SMART_CHARGING_COMPOSITE_H
#define OCPP16_SMART_CHARGING_COMPOSITE_H
#include "profile.h"

/* What is asked for, and what holds on the connector. */
struct situation {
	int64_t from_ms, duration_s;
	int64_t connector_id; /* 0: the charger as a whole */
	bool watts;           /* the unit of the answer */
	/* For limits in the other unit: between phase and neutral; and how many phases a period has
	 * that does not say. */
	int64_t voltage_v, phases;
	int64_t transaction_id; /* running on the connector; 0: none */
	int64_t transaction_started_ms;
};

/* A limit from `start_s` after the situation's `from_ms` until the next step. */
struct step {
	int64_t start_s;
	bool limited; /* false: no profile says anything */
	int64_t limit_tenths;
	int64_t phases; /* 0: not said */
};

struct composite {
	const struct step *steps; /* the first begins at 0; no two neighbours are the same */
	uint32_t count;
	int64_t duration_s; /* less than asked for if there were too many steps */
};

#define COMPOSITE_MOST_STEPS 1024u

/* `profiles` are all that the charger has, of all connectors. */
struct composite composite_compute(struct bb_arena *, const struct profile *profiles,
				   uint32_t count, const struct situation *);

/* A limit in the other unit. Rounded down: a limit is not to be exceeded. */
int64_t limit_convert(int64_t tenths, bool from_watts, bool to_watts, int64_t voltage_v,
		      int64_t phases);

/* Where a charger's own schedule and the computed one differ. */
struct difference {
	int64_t from_s, to_s;
	struct step computed, charger;
};
/* Compares where a limit was computed: without one Busbar knows nothing of what the hardware
 * allows. `charger` are the periods of its answer. How many; `ret` lives in the arena. */
uint32_t composite_compare(struct bb_arena *, const struct composite *,
			   const struct period *charger, uint32_t count, bool watts,
			   const struct difference **ret);
#endif

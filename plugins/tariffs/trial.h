/* A tariff that is tried: as a body has it, or stored. */
#ifndef TARIFFS_TRIAL_H
#define TARIFFS_TRIAL_H
#include "tariffs.h"

struct trial;
typedef void trial_fn(struct bb_rest *, struct trial *);
struct trial {
	struct draft draft;
	struct source source; /* of the draft; the same for all that is tried with it */
	trial_fn *fn;
	void *arg; /* the handler's own */
};

/* The body's `tariff`, else the newest version of its `tariff_id`, for the operator that this is
 * of, else for the key's. Goes on with `fn`; or the call, which is deferred, has been answered. */
void trial_read(struct bb_rest *, trial_fn *fn, void *arg);
/* The tariff of a body; false: the call has been answered. */
bool trial_draft(struct bb_rest *, const struct bb_json *tariff, const char *prefix,
		 struct draft *ret);
#endif

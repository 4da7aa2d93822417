/* A session's facts: what the hook `price` is asked with, and what a tariff sees. */
#ifndef TARIFFS_FACTS_H
#define TARIFFS_FACTS_H
#include <busbar/plugin.h>

#include "usage.h"

#define SAMPLES_MOST 2000u
#define SPANS_MOST 500u

struct facts {
	/* Who and where: members that are handed on as they are. */
	const struct bb_json *identity; /* an object */
	struct period session;
	int64_t energy_wh;      /* that is charged for */
	int64_t meter_start_wh; /* what readings count from */
	const char *time_zone;
	bool estimated;
	const struct status *statuses;
	size_t status_count;
	const struct reading *readings; /* of the register, in the order of time */
	size_t reading_count;
	int64_t idle_below_w;
	int64_t idle_ms; /* given, or -1: found out */
};

/* The samples of a session: from 0 Wh at its start to `energy_wh` at its end, never falling, at
 * most SAMPLES_MOST. */
size_t facts_samples(struct bb_arena *, const struct facts *, struct reading **ret);
const struct bb_json *facts_session(const struct bb_api *, struct bb_arena *, const struct facts *);
/* The same object with these members, too. */
const struct bb_json *facts_with(struct bb_arena *, const struct bb_json *session,
				 const char *currency, const struct bb_json *settings);
#endif

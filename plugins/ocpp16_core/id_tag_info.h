/* The hook `authorize`, and its answer as OCPP's idTagInfo. */
#ifndef OCPP16_CORE_ID_TAG_INFO_H
#define OCPP16_CORE_ID_TAG_INFO_H
#include "core16.h"

struct id_tag_question {
	const char *id_tag, *purpose; /* authorize, start, stop */
	bool has_connector;
	int64_t connector_id;
	int64_t at_ms;
};

struct id_tag_info {
	const char *status; /* Accepted, Blocked, Expired, Invalid, ConcurrentTx */
	const char *parent_id_tag, *expiry_date, *user_id; /* or NULL */
	/* Most transactions at once, of the token and of its group; 0: no limit. */
	int64_t max_active, group_max_active;
};

/* `info` lives in the call's arena. An error is one that the charger should come back with; a
 * hook that failed for good, or that nobody answers, is the status Invalid. */
typedef void id_tag_fn(int err, const struct id_tag_info *info, void *arg);

/* Asks; `fn` may run before this returns. A charger that is not accepted starts nothing: no token
 * is worth anything there. */
void id_tag_ask(struct waiting *, const struct id_tag_question *, id_tag_fn *fn, void *arg);
/* {"status": ..., "parentIdTag"?: ..., "expiryDate"?: ...} */
struct bb_json id_tag_json(const struct waiting *, const struct id_tag_info *);
#endif

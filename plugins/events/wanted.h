/* What is asked for at /api/events. */
#ifndef EVENTS_WANTED_H
#define EVENTS_WANTED_H
#include "events.h"

/* In the call's arena. */
struct wanted {
	struct filter filter;
	int64_t last_id; /* -1: from now on */
};

/* NULL: it is malformed or not the caller's to ask, and the call has been failed. */
struct wanted *wanted_read(const struct bb_api *, struct bb_call *);

/* What the client has had last, as it says so; NULL: nothing. */
const char *last_id_of(const struct bb_api *, struct bb_call *);
/* -1: the client is here for the first time. False: it is malformed, and the call has been failed.
 */
bool read_last_id(const struct bb_api *, struct bb_call *, int64_t *ret);
#endif

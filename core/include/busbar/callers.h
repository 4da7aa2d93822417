/* Who calls over REST, for answers that go on long after their request: the service "callers/1",
 * given by the plugin `rest`. */
#ifndef BUSBAR_CALLERS_H
#define BUSBAR_CALLERS_H
#include <busbar/plugin.h>

struct bb_caller; /* lives as long as the arena that it was made in */

/* err: 0 they still may; -EACCES no more: the key was deleted, the session has ended, it has
 * expired, or they are another than they were; else it cannot be told now. */
typedef void bb_caller_fn(int err, void *arg); /* [loop] */

struct bb_callers {
	uint32_t size;
	/* Who makes this call; after the guards. [loop] */
	const struct bb_caller *(*of)(struct bb_call *, struct bb_arena *);
	/* The same text for all requests of one caller. */
	const char *(*id)(const struct bb_caller *);
	/* May they still make it? The caller lives until fn has run, once, which may be before this
	 * returns. [loop] */
	void (*still)(const struct bb_caller *, bb_caller_fn *fn, void *arg);
};
#endif

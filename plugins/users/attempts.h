/* How often somebody has failed, by name, in a table of fixed size: after some failures that are
 * free, each makes the next attempt wait twice as long. A crowded table forgets whoever failed
 * longest ago. Pure. */
#ifndef USERS_ATTEMPTS_H
#define USERS_ATTEMPTS_H
#include <busbar/crowd.h>

#define ATTEMPTS_SLOTS 4096u

struct attempts {
	int64_t free,
	    longest_ms; /* failures that cost nothing (0: no limit at all); longest wait */
	struct attempts_slot {
		struct bb_crowd is;
		int64_t failures;
	} slots[ATTEMPTS_SLOTS];
};

/* 0, and the attempt counts as failed until it is taken back; or the seconds to wait. */
int64_t attempts_take(struct attempts *, const char *name, int64_t now_ms);
/* It has not failed. */
void attempts_give_back(struct attempts *, const char *name);
/* Nor do those before it count any more. */
void attempts_forget(struct attempts *, const char *name);
#endif

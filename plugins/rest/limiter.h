/* Token buckets by name, in a table of fixed size: a bucket holds one minute's worth and refills
 * steadily. When the table is crowded the bucket that was idle longest gives way, so a flood of
 * addresses costs no memory. Pure. */
#ifndef REST_LIMITER_H
#define REST_LIMITER_H
#include <busbar/crowd.h>

#define LIMITER_SLOTS 4096u

struct limiter_slot {
	struct bb_crowd is;
	double tokens;
};

struct limiter {
	struct limiter_slot slots[LIMITER_SLOTS];
};

/* Takes one of `per_minute`. 0, or the seconds after which it is worth trying again. */
int64_t limiter_take(struct limiter *, const char *name, int64_t per_minute, int64_t now_ms);
#endif

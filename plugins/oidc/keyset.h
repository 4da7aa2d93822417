/* The keys of a provider: fetched, kept, and fetched again, never more often than so. */
#ifndef OIDC_KEYSET_H
#define OIDC_KEYSET_H
#include <busbar/plugin.h>

#include "key.h"

enum { KEYS_MOST = 64, WAITING_MOST = 256 };

struct waiter {
	struct waiter *next;
	void (*fn)(struct waiter *); /* the fetch is over, however it went */
};

struct keyset {
	struct key *keys;
	uint32_t count;
	uint64_t generation; /* of all key sets here no two have the same; 0: there was none yet */
	int64_t fetched_ms, fresh_until_ms, tried_ms;
	bool fetching;
	struct waiter *waiting, **last;
	uint32_t waiters;
};

/* From what a provider has answered. -EINVAL: that is no set of keys, or none of it is of use;
 * nothing changes then. */
int keyset_read(struct keyset *, const struct bb_api *, struct bb_arena *, const char *text,
		size_t len);
void keyset_free(struct keyset *);
/* NULL: there is none, or, without a kid, it is not the only one. */
const struct key *keyset_find(const struct keyset *, const char *kid, const struct algorithm *);

/* How long an answer may be kept by its Cache-Control, within bounds; `usual_ms` without one. */
int64_t keyset_max_age_ms(const char *cache_control, int64_t usual_ms, int64_t least_ms,
			  int64_t most_ms);
#endif

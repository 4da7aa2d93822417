/* Whoever guesses passwords is made to wait, longer with every wrong one. Pure; of fixed size: what
 * has been quiet for longest is forgotten first. */
#ifndef CHARGERS_SLOWDOWN_H
#define CHARGERS_SLOWDOWN_H
#include <stdbool.h>
#include <stdint.h>

#define SLOWDOWN_SETS 2048u
#define SLOWDOWN_WAYS 4u

struct slowdown {
	uint64_t seed; /* drawn by the first use, so that nobody can choose who shares a set */
	struct guesser {
		uint64_t key; /* 0: free */
		uint32_t wrong;
		int64_t last_ms, until_ms;
	} sets[SLOWDOWN_SETS][SLOWDOWN_WAYS];
};

struct slowdown_rule {
	uint32_t free;                        /* wrong ones that cost nothing */
	int64_t first_ms, most_ms, forget_ms; /* one wrong one is forgotten after the latter */
};

/* A key for up to two texts; `b` may be NULL. Never 0. */
uint64_t slowdown_key(struct slowdown *, const char *a, const char *b);
/* For how long it has to wait still; 0: not at all. */
int64_t slowdown_wait(const struct slowdown *, uint64_t key, int64_t now_ms);
/* Is anything held against it? */
bool slowdown_knows(const struct slowdown *, uint64_t key);
void slowdown_wrong(struct slowdown *, uint64_t key, int64_t now_ms, const struct slowdown_rule *);
void slowdown_right(struct slowdown *, uint64_t key);
#endif

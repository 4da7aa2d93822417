/* Whether a service that others wait for is worth asking: after failures in a row it is left alone
 * for a while, then tried by one. Pure. */
#ifndef AUTHORIZATION_BREAKER_H
#define AUTHORIZATION_BREAKER_H
#include <stdbool.h>
#include <stdint.h>

struct breaker {
	int64_t failures; /* in a row */
	int64_t until_ms; /* when it is tried again, after too many of them */
	bool trying;      /* one is asking it just now */
};

/* May it be asked now? Whoever is told so reports how it went. */
bool breaker_lets(struct breaker *, int64_t most_failures, int64_t now_ms);
void breaker_worked(struct breaker *);
void breaker_failed(struct breaker *, int64_t until_ms);
/* "closed": it is asked; "open": it is not; "trying": by the next one, or one is at it. */
const char *breaker_state(const struct breaker *, int64_t most_failures, int64_t now_ms);
#endif

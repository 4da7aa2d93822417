#include "breaker.h"

#include <string.h>

const char *breaker_state(const struct breaker *b, int64_t most_failures, int64_t now_ms)
{
	if (b->failures < most_failures)
		return "closed";
	return b->until_ms > now_ms ? "open" : "trying";
}

bool breaker_lets(struct breaker *b, int64_t most_failures, int64_t now_ms)
{
	const char *state = breaker_state(b, most_failures, now_ms);
	if (strcmp(state, "trying") != 0)
		return !strcmp(state, "closed");
	if (b->trying)
		return false;
	b->trying = true;
	return true;
}

void breaker_worked(struct breaker *b)
{
	*b = (struct breaker){0};
}

void breaker_failed(struct breaker *b, int64_t until_ms)
{
	b->failures++;
	b->until_ms = until_ms;
	b->trying = false;
}

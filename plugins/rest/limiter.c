#include "limiter.h"

#define MINUTE_MS 60000.0

int64_t limiter_take(struct limiter *l, const char *name, int64_t per_minute, int64_t now_ms)
{
	if (per_minute <= 0)
		return 0;
	uint64_t who = bb_crowd_hash(name);
	struct limiter_slot *s = bb_crowd_find(l->slots, LIMITER_SLOTS, sizeof *s, who);
	double most = (double)per_minute, per_ms = most / MINUTE_MS;
	if (s->is.who != who)
		*s = (struct limiter_slot){.is = {who, now_ms}, .tokens = most};
	if (now_ms > s->is.at_ms)
		s->tokens += (double)(now_ms - s->is.at_ms) * per_ms;
	if (s->tokens > most)
		s->tokens = most;
	s->is.at_ms = now_ms;
	if (s->tokens >= 1) {
		s->tokens -= 1;
		return 0;
	}
	return (int64_t)((1 - s->tokens) / per_ms / 1000) + 1;
}

#include "limiter.h"

#define PROBES 8u
#define MINUTE_MS 60000.0

static uint64_t hash(const char *s)
{
	uint64_t h = 14695981039346656037u;
	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 1099511628211u;
	h ^= h >> 32;
	return h ? h : 1;
}

static struct limiter_slot *find(struct limiter *l, uint64_t who)
{
	struct limiter_slot *idle = &l->slots[who % LIMITER_SLOTS];
	for (uint32_t i = 0; i < PROBES; i++) {
		struct limiter_slot *s = &l->slots[(who + i) % LIMITER_SLOTS];
		if (s->who == who)
			return s;
		if (!s->who || (idle->who && s->at_ms < idle->at_ms))
			idle = s;
	}
	*idle = (struct limiter_slot){0};
	return idle;
}

int64_t limiter_take(struct limiter *l, const char *name, int64_t per_minute, int64_t now_ms)
{
	if (per_minute <= 0)
		return 0;
	uint64_t who = hash(name);
	struct limiter_slot *s = find(l, who);
	double most = (double)per_minute, per_ms = most / MINUTE_MS;
	if (s->who != who)
		*s = (struct limiter_slot){.who = who, .at_ms = now_ms, .tokens = most};
	if (now_ms > s->at_ms)
		s->tokens += (double)(now_ms - s->at_ms) * per_ms;
	if (s->tokens > most)
		s->tokens = most;
	s->at_ms = now_ms;
	if (s->tokens >= 1) {
		s->tokens -= 1;
		return 0;
	}
	return (int64_t)((1 - s->tokens) / per_ms / 1000) + 1;
}

#include "attempts.h"

#define SHIFT_MOST 30

/* The slot of that name; else the one to be given to it. */
static struct attempts_slot *find(struct attempts *t, uint64_t who)
{
	return bb_crowd_find(t->slots, ATTEMPTS_SLOTS, sizeof *t->slots, who);
}

static int64_t pause_ms(const struct attempts *t, int64_t failures)
{
	int64_t beyond = failures - t->free;
	if (beyond < 0)
		return 0;
	int64_t ms = INT64_C(1000) << (beyond < SHIFT_MOST ? beyond : SHIFT_MOST);
	return ms < t->longest_ms ? ms : t->longest_ms;
}

int64_t attempts_take(struct attempts *t, const char *name, int64_t now_ms)
{
	if (!t->free)
		return 0;
	uint64_t who = bb_crowd_hash(name);
	struct attempts_slot *s = find(t, who);
	/* One who has waited as long as that again begins anew. */
	if (s->is.who != who || now_ms - s->is.at_ms > 2 * t->longest_ms || now_ms < s->is.at_ms)
		*s = (struct attempts_slot){.is = {.who = who}};
	int64_t left = s->failures ? s->is.at_ms + pause_ms(t, s->failures) - now_ms : 0;
	if (left > 0)
		return (left + 999) / 1000;
	s->failures++;
	s->is.at_ms = now_ms;
	return 0;
}

void attempts_give_back(struct attempts *t, const char *name)
{
	uint64_t who = bb_crowd_hash(name);
	struct attempts_slot *s = find(t, who);
	if (s->is.who == who && s->failures)
		s->failures--;
}

void attempts_forget(struct attempts *t, const char *name)
{
	uint64_t who = bb_crowd_hash(name);
	struct attempts_slot *s = find(t, who);
	if (s->is.who == who)
		s->failures = 0;
}

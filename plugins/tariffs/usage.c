#include "usage.h"

#include <stdbool.h>
#include <string.h>

enum state { OTHER, CHARGING, IDLE, SUSPENDED };

static enum state state_of(const char *status)
{
	static const struct {
		const char *name;
		enum state state;
	} states[] = {{"Charging", CHARGING},
		      {"SuspendedEV", IDLE},
		      {"Finishing", IDLE},
		      {"SuspendedEVSE", SUSPENDED}};
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(status, states[i].name))
			return states[i].state;
	return OTHER;
}

/* How long the i-th status held within the session. */
static int64_t held_ms(struct period session, const struct status *s, size_t count, size_t i)
{
	int64_t from = s[i].at_ms > session.from_ms ? s[i].at_ms : session.from_ms;
	int64_t to =
	    i + 1 < count && s[i + 1].at_ms < session.to_ms ? s[i + 1].at_ms : session.to_ms;
	return to > from ? to - from : 0;
}

/* Idle is only the end: a car that pauses and goes on was waiting, not blocking. */
static bool by_status(struct period session, const struct status *s, size_t count,
		      struct usage *ret)
{
	struct usage u = {0};
	bool told = false, at_end = true;
	for (size_t i = count; i-- > 0;) {
		enum state state = state_of(s[i].name);
		int64_t ms = held_ms(session, s, count, i);
		if (!ms)
			continue;
		told |= state != OTHER;
		at_end &= state == IDLE || state == SUSPENDED;
		if (state == CHARGING)
			u.charging_ms += ms;
		else if (state == IDLE && at_end)
			u.idle_ms += ms;
	}
	/* Until the first status the session is taken to charge. */
	if (count && s[0].at_ms > session.from_ms)
		u.charging_ms +=
		    (s[0].at_ms < session.to_ms ? s[0].at_ms : session.to_ms) - session.from_ms;
	if (told)
		*ret = u;
	return told;
}

/* Did energy flow between these readings? Wh and ms to W. */
static bool flows(const struct reading *a, const struct reading *b, int64_t idle_below_w)
{
	int64_t wh = b->energy_wh - a->energy_wh, ms = b->at_ms - a->at_ms;
	return wh > 0 && (double)wh * 3600000.0 >= (double)idle_below_w * (double)ms;
}

static struct usage by_meter(struct period session, const struct reading *r, size_t count,
			     int64_t idle_below_w)
{
	const struct reading *before = NULL, *last_flow = NULL;
	size_t told = 0;
	for (size_t i = 0; i < count; i++) {
		if (r[i].energy_wh < 0)
			continue;
		told++;
		if (before && flows(before, &r[i], idle_below_w))
			last_flow = &r[i];
		before = &r[i];
	}
	int64_t end = told > 2 && last_flow ? last_flow->at_ms : session.to_ms;
	return (struct usage){end - session.from_ms, session.to_ms - end};
}

struct usage usage_of(struct period session, const struct status *s, size_t status_count,
		      const struct reading *r, size_t reading_count, int64_t idle_below_w)
{
	struct usage u;
	if (by_status(session, s, status_count, &u))
		return u;
	return by_meter(session, r, reading_count, idle_below_w);
}

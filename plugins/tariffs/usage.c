#include "usage.h"

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

/* When the i-th status held within the session; an empty period if it did not. */
static struct period held(struct period session, const struct status *s, size_t count, size_t i)
{
	int64_t from = s[i].at_ms > session.from_ms ? s[i].at_ms : session.from_ms;
	int64_t to =
	    i + 1 < count && s[i + 1].at_ms < session.to_ms ? s[i + 1].at_ms : session.to_ms;
	return (struct period){from, to > from ? to : from};
}

/* Going back in time: one that ends where the last one begins becomes part of it. */
static size_t put_before(struct span *spans, size_t n, struct period p, bool idle)
{
	if (p.to_ms <= p.from_ms)
		return n;
	if (n && spans[n - 1].from_ms == p.to_ms && spans[n - 1].idle == idle) {
		spans[n - 1].from_ms = p.from_ms;
		return n;
	}
	spans[n] = (struct span){p.from_ms, p.to_ms, idle};
	return n + 1;
}

static void reverse(struct span *spans, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct span s = spans[i];
		spans[i] = spans[n - 1 - i];
		spans[n - 1 - i] = s;
	}
}

/* Idle is only the end: a car that pauses and goes on was waiting, not blocking. False: the
 * statuses tell nothing. */
static bool by_status(struct period session, const struct status *s, size_t count, struct span *ret,
		      size_t *ret_count)
{
	bool told = false, at_end = true;
	size_t n = 0;
	for (size_t i = count; i-- > 0;) {
		enum state state = state_of(s[i].name);
		struct period p = held(session, s, count, i);
		if (p.from_ms == p.to_ms)
			continue;
		told |= state != OTHER;
		at_end &= state == IDLE || state == SUSPENDED;
		if (state == CHARGING || (state == IDLE && at_end))
			n = put_before(ret, n, p, state == IDLE);
	}
	/* Until the first status the session is taken to charge. */
	if (count && s[0].at_ms > session.from_ms) {
		int64_t to = s[0].at_ms < session.to_ms ? s[0].at_ms : session.to_ms;
		n = put_before(ret, n, (struct period){session.from_ms, to}, false);
	}
	reverse(ret, n);
	*ret_count = n;
	return told;
}

/* Did energy flow between these readings? Wh and ms to W. */
static bool flows(const struct reading *a, const struct reading *b, int64_t idle_below_w)
{
	int64_t wh = b->energy_wh - a->energy_wh, ms = b->at_ms - a->at_ms;
	return wh > 0 && (double)wh * 3600000.0 >= (double)idle_below_w * (double)ms;
}

/* When it no longer charged. */
static int64_t end_by_meter(struct period session, const struct reading *r, size_t count,
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
	return told > 2 && last_flow ? last_flow->at_ms : session.to_ms;
}

size_t usage_spans(struct period session, const struct status *s, size_t status_count,
		   const struct reading *r, size_t reading_count, int64_t idle_below_w,
		   struct span *ret)
{
	size_t n;
	if (by_status(session, s, status_count, ret, &n))
		return n;
	int64_t end = end_by_meter(session, r, reading_count, idle_below_w);
	n = put_before(ret, 0, (struct period){end, session.to_ms}, true);
	n = put_before(ret, n, (struct period){session.from_ms, end}, false);
	reverse(ret, n);
	return n;
}

struct usage usage_sum(const struct span *spans, size_t count)
{
	struct usage u = {0};
	for (size_t i = 0; i < count; i++) {
		int64_t ms = spans[i].to_ms - spans[i].from_ms;
		*(spans[i].idle ? &u.idle_ms : &u.charging_ms) += ms;
	}
	return u;
}

#include "loop/wheel.h"

#include <stdlib.h>

#include "base/arena.h"

#define TICK_MS 50u
#define SPOKES 512u /* a power of two */

struct wheel {
	struct loop *loop;
	struct loop_timer *tick; /* NULL while nothing waits */
	size_t waiting;
	uint64_t now; /* the last tick that was worked off, since the loop's time zero */
	struct loop_deadline *spokes[SPOKES];
};

static uint64_t ticks_now(const struct wheel *w)
{
	return uv_now(loop_uv(w->loop)) / TICK_MS;
}

struct wheel *wheel_new(struct loop *l)
{
	struct wheel *w = mem_zalloc(sizeof *w);
	w->loop = l;
	return w;
}

void wheel_free(struct wheel *w)
{
	if (w)
		loop_timer_release(w->tick);
	free(w);
}

void loop_deadline_clear(struct loop_deadline *d)
{
	if (!d->wheel)
		return;
	*d->back = d->next;
	if (d->next)
		d->next->back = d->back;
	d->wheel->waiting--;
	d->wheel = NULL;
}

static struct loop_deadline *first_due(struct wheel *w, uint64_t tick)
{
	struct loop_deadline *d = w->spokes[tick % SPOKES];
	while (d && d->tick > tick)
		d = d->next;
	return d;
}

static void fire_spoke(struct wheel *w, uint64_t tick)
{
	/* From the start after each, because a callback may clear any other deadline. */
	for (struct loop_deadline *d; (d = first_due(w, tick));) {
		loop_deadline_clear(d);
		d->fn(d->arg);
	}
}

static void on_tick(void *arg)
{
	struct wheel *w = arg;
	uint64_t until = ticks_now(w);
	/* After a long sleep one round sees every spoke. */
	if (until - w->now > SPOKES)
		w->now = until - SPOKES;
	while (w->now < until)
		fire_spoke(w, ++w->now);
	if (!w->waiting) {
		loop_timer_release(w->tick);
		w->tick = NULL;
	}
}

void loop_deadline_set(struct loop *l, struct loop_deadline *d, uint64_t ms, bb_fn *fn, void *arg)
{
	struct wheel *w = loop_wheel(l);
	if (!w->tick) {
		w->now = ticks_now(w);
		w->tick = loop_timer(l, TICK_MS, true, on_tick, w);
	}
	uint64_t tick = (uv_now(loop_uv(l)) + ms) / TICK_MS + 1;
	struct loop_deadline **spoke = &w->spokes[tick % SPOKES];
	*d = (struct loop_deadline){fn, arg, tick, w, *spoke, spoke};
	if (d->next)
		d->next->back = &d->next;
	*spoke = d;
	w->waiting++;
}

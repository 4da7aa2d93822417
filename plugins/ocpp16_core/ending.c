/* What a transaction comes to when it ends. */
#include "transaction.h"

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The register at the stop. A reading below the start says that the meter was reset or that there
 * was none: then the highest sample speaks, and without one no energy is charged for. */
static int64_t meter_at_stop(const struct transaction *t, const struct stop *s, int64_t start_wh)
{
	if (s->meter_wh >= start_wh && s->meter_wh >= 0)
		return s->meter_wh;
	int64_t best = most(most(t->meter_last_wh, t->highest_wh), s->highest_wh);
	return most(best, start_wh);
}

/* A start without a reading takes the first sample's, else the stop's own: no energy. */
static int64_t meter_at_start(const struct transaction *t, const struct stop *s)
{
	if (t->meter_start_wh >= 0)
		return t->meter_start_wh;
	return s->first_wh >= 0 ? s->first_wh : most(s->meter_wh, 0);
}

/* A stop before its start: one of the two clocks was wrong. Times of receipt take over. */
static void order_times(struct bb_arena *a, struct ending *e, const struct transaction *t,
			const struct stop *s)
{
	if (e->stopped_ms >= e->started_ms)
		return;
	e->flags = flags_add(a, e->flags, "clock");
	if (t->received_ms <= e->stopped_ms) {
		e->started_ms = t->received_ms;
		return;
	}
	e->stopped_ms = most(s->now_ms, e->started_ms);
}

struct ending transaction_stop(struct bb_arena *a, const struct transaction *t,
			       const struct stop *s, enum match how)
{
	int64_t start_wh = meter_at_start(t, s), stop_wh = meter_at_stop(t, s, start_wh);
	struct ending e = {
	    .meter_start_wh = start_wh,
	    .meter_stop_wh = stop_wh,
	    .energy_wh = stop_wh - start_wh,
	    .started_ms = t->started_ms,
	    .stopped_ms = s->at_ms,
	    .reason = s->reason ? s->reason : "Local",
	    .id_tag = s->id_tag,
	    .key = s->key,
	    .flags = flags_drop(a, t->flags, "estimated"),
	};
	if (t->estimated)
		e.flags = flags_add(a, e.flags, "late_stop");
	if (s->meter_wh < start_wh)
		e.flags = flags_add(a, e.flags, "meter_backwards");
	if (s->absurd_clock)
		e.flags = flags_add(a, e.flags, "clock");
	if (s->offline)
		e.flags = flags_add(a, e.flags, "offline");
	if (how == MATCH_OPEN)
		e.flags = flags_add(a, e.flags, "unknown_id");
	order_times(a, &e, t, s);
	return e;
}

struct ending transaction_estimate(struct bb_arena *a, const struct transaction *t)
{
	int64_t start_wh = most(t->meter_start_wh, 0), stop_wh = start_wh;
	if (t->meter_start_wh >= 0)
		stop_wh = most(most(t->meter_last_wh, start_wh),
			       t->meter_last_wh < start_wh ? t->highest_wh : start_wh);
	return (struct ending){
	    .meter_start_wh = start_wh,
	    .meter_stop_wh = stop_wh,
	    .energy_wh = stop_wh - start_wh,
	    .started_ms = t->started_ms,
	    .stopped_ms = most(t->last_ms, t->started_ms),
	    .flags = flags_add(a, t->flags, "estimated"),
	    .estimated = true,
	};
}

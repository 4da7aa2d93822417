/* A walk over the time asked for, from one change of a limit to the next. At each instant the
 * leading profile of a purpose is the one with the highest stack level among those that have a
 * limit; the transaction's own overrides the default, and the charger's maximum caps both. */
#include "composite.h"

/* What a profile says from now on, for as long as it says it. */
struct saying {
	const struct profile *profile;
	const struct period *period; /* NULL: no limit */
	int64_t until_ms;
};

struct walk {
	const struct situation *s;
	struct saying *sayings;
	uint32_t count;
	struct step *steps;
	uint32_t step_count;
};

static bool matters(const struct profile *p, const struct situation *s)
{
	switch (p->purpose) {
	case PURPOSE_CHARGE_POINT_MAX:
		return true;
	case PURPOSE_TX_DEFAULT:
		return s->connector_id && (!p->connector_id || p->connector_id == s->connector_id);
	case PURPOSE_TX:
		return s->connector_id && s->transaction_id &&
		       p->transaction_id == s->transaction_id;
	default:
		return false;
	}
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Without a transaction a default says what one that begins now would get. */
static int64_t relative_start(const struct profile *p, const struct situation *s)
{
	if (p->purpose == PURPOSE_CHARGE_POINT_MAX)
		return p->installed_ms;
	return s->transaction_id ? s->transaction_started_ms : s->from_ms;
}

/* The period at that time of the schedule, and when it ends. */
static struct saying period_at(const struct profile *p, int64_t start_ms, int64_t end_ms, int64_t t)
{
	struct saying say = {.profile = p, .until_ms = end_ms};
	for (uint32_t i = 0; i < p->count; i++) {
		int64_t begins_ms = start_ms + p->periods[i].start_s * 1000;
		if (begins_ms > t) {
			say.until_ms = earlier(say.until_ms, begins_ms);
			break;
		}
		say.period = &p->periods[i];
	}
	return say;
}

static struct saying silent(const struct profile *p, int64_t until_ms)
{
	return (struct saying){.profile = p, .until_ms = until_ms};
}

static struct saying say_at(const struct profile *p, const struct situation *s, int64_t t)
{
	if (t < p->valid_from_ms)
		return silent(p, p->valid_from_ms);
	if (t >= p->valid_to_ms)
		return silent(p, NEVER_MS);
	int64_t start = p->kind == KIND_RELATIVE ? relative_start(p, s)
			: p->has_start           ? p->start_ms
						 : p->installed_ms;
	if (t < start)
		return silent(p, start);
	int64_t next = NEVER_MS;
	if (p->kind == KIND_RECURRING) {
		start += (t - start) / p->every_ms * p->every_ms;
		next = start + p->every_ms;
	}
	int64_t end = p->duration_s < 0 ? next : earlier(next, start + p->duration_s * 1000);
	if (t >= end)
		return silent(p, next);
	struct saying say = period_at(p, start, end, t);
	say.until_ms = earlier(say.until_ms, p->valid_to_ms);
	return say;
}

/* At the same stack level the connector's own default leads the one for all connectors. */
static bool leads(const struct profile *p, const struct profile *other)
{
	if (p->stack_level != other->stack_level)
		return p->stack_level > other->stack_level;
	return p->connector_id > other->connector_id;
}

static const struct saying *leading(const struct walk *w, enum purpose purpose)
{
	const struct saying *best = NULL;
	for (uint32_t i = 0; i < w->count; i++) {
		const struct saying *say = &w->sayings[i];
		if (say->period && say->profile->purpose == purpose &&
		    (!best || leads(say->profile, best->profile)))
			best = say;
	}
	return best;
}

int64_t limit_convert(int64_t tenths, bool from_watts, bool to_watts, int64_t voltage_v,
		      int64_t phases)
{
	if (from_watts == to_watts)
		return tenths;
	return to_watts ? tenths * voltage_v * phases : tenths / (voltage_v * phases);
}

static struct step step_of(const struct situation *s, const struct saying *say)
{
	if (!say)
		return (struct step){0};
	const struct period *p = say->period;
	return (struct step){
	    .limited = true,
	    .limit_tenths = limit_convert(p->limit_tenths, say->profile->watts, s->watts,
					  s->voltage_v, p->phases ? p->phases : s->phases),
	    .phases = p->phases,
	};
}

static struct step now(const struct walk *w)
{
	const struct saying *tx = leading(w, PURPOSE_TX);
	struct step base = step_of(w->s, tx ? tx : leading(w, PURPOSE_TX_DEFAULT));
	struct step cap = step_of(w->s, leading(w, PURPOSE_CHARGE_POINT_MAX));
	if (!base.limited || (cap.limited && cap.limit_tenths < base.limit_tenths))
		return cap.phases || !base.limited
			   ? cap
			   : (struct step){0, true, cap.limit_tenths, base.phases};
	return base;
}

static bool same(const struct step *a, const struct step *b)
{
	return a->limited == b->limited && a->limit_tenths == b->limit_tenths &&
	       a->phases == b->phases;
}

/* False if there is no more room. */
static bool take(struct walk *w, int64_t t)
{
	struct step step = now(w);
	step.start_s = (t - w->s->from_ms) / 1000;
	if (w->step_count && w->steps[w->step_count - 1].start_s == step.start_s)
		w->step_count--; /* it lasted for less than a second */
	if (w->step_count && same(&w->steps[w->step_count - 1], &step))
		return true;
	if (w->step_count == COMPOSITE_MOST_STEPS)
		return false;
	w->steps[w->step_count++] = step;
	return true;
}

/* Lets those speak whose last word is over; when the next one's will be. */
static int64_t listen(struct walk *w, int64_t t)
{
	int64_t until = NEVER_MS;
	for (uint32_t i = 0; i < w->count; i++) {
		struct saying *say = &w->sayings[i];
		if (say->until_ms <= t)
			*say = say_at(say->profile, w->s, t);
		until = earlier(until, say->until_ms);
	}
	return until;
}

struct composite composite_compute(struct bb_arena *a, const struct profile *profiles,
				   uint32_t count, const struct situation *s)
{
	struct walk w = {.s = s};
	w.sayings = bb_alloc(a, (count + 1) * sizeof *w.sayings);
	w.steps = bb_alloc(a, (COMPOSITE_MOST_STEPS + 1) * sizeof *w.steps);
	for (uint32_t i = 0; i < count; i++)
		if (matters(&profiles[i], s))
			w.sayings[w.count++] = silent(&profiles[i], ALWAYS_MS);
	int64_t end = s->from_ms + s->duration_s * 1000, t = s->from_ms;
	for (int64_t until; t < end; t = until) {
		until = listen(&w, t);
		if (!take(&w, t))
			break;
	}
	t = earlier(t, end);
	return (struct composite){w.steps, w.step_count, (t - s->from_ms) / 1000};
}

#include "composite.h"

/* What may be lost by rounding, also of a charger that converts. */
#define TOLERANCE_A_TENTHS 1
#define TOLERANCE_W_TENTHS 10

/* The step that holds at that second. */
static const struct step *step_at(const struct composite *c, int64_t at_s)
{
	const struct step *found = &c->steps[0];
	for (uint32_t i = 0; i < c->count && c->steps[i].start_s <= at_s; i++)
		found = &c->steps[i];
	return found;
}

static struct step charger_at(const struct period *p, uint32_t count, int64_t at_s)
{
	struct step found = {0};
	for (uint32_t i = 0; i < count && p[i].start_s <= at_s; i++)
		found = (struct step){p[i].start_s, true, p[i].limit_tenths, p[i].phases};
	return found;
}

/* The next second at which either changes. */
static int64_t next_change(const struct composite *c, const struct period *p, uint32_t count,
			   int64_t at_s)
{
	int64_t next = c->duration_s;
	for (uint32_t i = 0; i < c->count; i++)
		if (c->steps[i].start_s > at_s && c->steps[i].start_s < next)
			next = c->steps[i].start_s;
	for (uint32_t i = 0; i < count; i++)
		if (p[i].start_s > at_s && p[i].start_s < next)
			next = p[i].start_s;
	return next;
}

static bool differ(const struct step *computed, const struct step *charger, bool watts)
{
	int64_t tolerance = watts ? TOLERANCE_W_TENTHS : TOLERANCE_A_TENTHS;
	if (!computed->limited)
		return false;
	if (!charger->limited)
		return true;
	int64_t by = computed->limit_tenths - charger->limit_tenths;
	return by > tolerance || by < -tolerance ||
	       (computed->phases && charger->phases && computed->phases != charger->phases);
}

uint32_t composite_compare(struct bb_arena *a, const struct composite *c,
			   const struct period *charger, uint32_t count, bool watts,
			   const struct difference **ret)
{
	struct difference *list = bb_alloc(a, (c->count + count + 1) * sizeof *list);
	uint32_t n = 0;
	for (int64_t at = 0, to; c->count && at < c->duration_s; at = to) {
		const struct step *computed = step_at(c, at);
		struct step own = charger_at(charger, count, at);
		to = next_change(c, charger, count, at);
		if (differ(computed, &own, watts))
			list[n++] = (struct difference){at, to, *computed, own};
	}
	*ret = list;
	return n;
}

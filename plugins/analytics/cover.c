/* The grains are those that sql/analytics/queries.sql rolls up to. */
#include "cover.h"

static const int32_t grains[] = {1, 96, 3072};
#define GRAINS ((uint32_t)(sizeof grains / sizeof *grains))

static int64_t down(int64_t v, int64_t unit)
{
	return v - (v % unit + unit) % unit;
}

static uint32_t put(int32_t grain, int64_t slot, int64_t behind, struct piece *ret)
{
	*ret = (struct piece){grain, slot, behind};
	return 1;
}

static uint32_t cover_by(uint32_t level, int64_t slot, int64_t behind, struct piece *ret)
{
	if (slot >= behind)
		return 0;
	if (!level)
		return put(grains[0], slot, behind, ret);
	int64_t first = down(slot + grains[level] - 1, grains[level]);
	int64_t last = down(behind, grains[level]);
	if (first >= last)
		return cover_by(level - 1, slot, behind, ret);
	uint32_t n = cover_by(level - 1, slot, first, ret);
	n += put(grains[level], first, last, ret + n);
	return n + cover_by(level - 1, last, behind, ret + n);
}

uint32_t cover(int64_t slot, int64_t behind, struct piece *ret)
{
	return cover_by(GRAINS - 1, slot, behind, ret);
}

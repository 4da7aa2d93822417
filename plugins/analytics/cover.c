/* The grains are those of the table analytics_grains. */
#include "cover.h"

static const int32_t of_few[] = {1, 96, 3072}, of_many[] = {1, 4, 96, 3072};

static int64_t down(int64_t v, int64_t unit)
{
	return v - (v % unit + unit) % unit;
}

static uint32_t put(int32_t grain, int64_t slot, int64_t behind, struct piece *ret)
{
	*ret = (struct piece){grain, slot, behind};
	return 1;
}

static uint32_t cover_by(const int32_t *grains, uint32_t level, int64_t slot, int64_t behind,
			 struct piece *ret)
{
	if (slot >= behind)
		return 0;
	if (!level)
		return put(grains[0], slot, behind, ret);
	int64_t first = down(slot + grains[level] - 1, grains[level]);
	int64_t last = down(behind, grains[level]);
	if (first >= last)
		return cover_by(grains, level - 1, slot, behind, ret);
	uint32_t n = cover_by(grains, level - 1, slot, first, ret);
	n += put(grains[level], first, last, ret + n);
	return n + cover_by(grains, level - 1, last, behind, ret + n);
}

uint32_t cover(bool few, int64_t slot, int64_t behind, struct piece *ret)
{
	return few ? cover_by(of_few, 2, slot, behind, ret)
		   : cover_by(of_many, 3, slot, behind, ret);
}

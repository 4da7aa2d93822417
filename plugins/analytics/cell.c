/* What is in one interval of one place. */
#include "analytics.h"

struct sum cell_sum(const struct cell *cell, const char *measure)
{
	struct sum s = {.measure = measure};
	for (uint32_t i = 0; i < cell->count; i++)
		if (!strcmp(cell->sums[i].measure, measure)) {
			s.n += cell->sums[i].n;
			s.total += cell->sums[i].total;
		}
	return s;
}

static struct sum sum_before(const struct cell *cell, const char *measure)
{
	for (uint32_t i = 0; i < MEASURES_MOST && cell->before[i].measure; i++)
		if (!strcmp(cell->before[i].measure, measure))
			return cell->before[i];
	return (struct sum){.measure = measure};
}

/* What lasted up to a time, all in all: each that began adds from then on, each that ended takes
 * away. */
static int64_t lasted_until(int64_t at_s, int64_t n, int64_t total)
{
	return n * at_s - total;
}

int64_t cell_lasted_s(const struct cell *cell, const char *measure)
{
	struct sum before = sum_before(cell, measure), in = cell_sum(cell, measure);
	int64_t s = lasted_until(cell->to_s, before.n + in.n, before.total + in.total) -
		    lasted_until(cell->from_s, before.n, before.total);
	return cell->to_s > cell->from_s && s > 0 ? s : 0;
}

int64_t cell_lasting(const struct cell *cell, const char *measure)
{
	int64_t n = sum_before(cell, measure).n + cell_sum(cell, measure).n;
	return n > 0 ? n : 0;
}

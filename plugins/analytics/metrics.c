/* What is summed up, and how it is shown. */
#include "analytics.h"

static struct sum sum_of(const struct cell *cell, const char *measure)
{
	struct sum s = {.measure = measure};
	for (uint32_t i = 0; i < cell->count; i++)
		if (!strcmp(cell->sums[i].measure, measure)) {
			s.n += cell->sums[i].n;
			s.total += cell->sums[i].total;
		}
	return s;
}

static void show_sessions(struct bb_builder *b, const struct cell *cell)
{
	struct sum begun = sum_of(cell, "session"), completed = sum_of(cell, "completed");
	bb_put_int(b, "sessions", begun.n);
	bb_put_int(b, "completed", completed.n);
	bb_put_int(b, "energy_wh", begun.total);
	bb_put_int(b, "duration_s", completed.total);
}

const struct metric metric_sessions = {{"session", "completed"}, show_sessions};

static void show_revenue(struct bb_builder *b, const struct cell *cell)
{
	struct bb_builder amounts = bb_build(b->arena);
	bb_put_int(b, "priced", sum_of(cell, "revenue").n);
	for (uint32_t i = 0; i < cell->count; i++) {
		if (!cell->sums[i].n)
			continue;
		const struct bb_val minor = bb_i64(cell->sums[i].total);
		const struct bb_val currency = bb_text(cell->sums[i].unit);
		bb_push(&amounts, bb_money_json(b->arena, &minor, &currency));
	}
	bb_put_json(b, "amount", bb_build_array(&amounts));
}

const struct metric metric_revenue = {{"revenue"}, show_revenue};

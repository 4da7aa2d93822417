/* What the process counts of itself, for GET /metrics: metrics as <busbar/metrics.h> declares them,
 * and their series. One registry for the process; loop thread only, so that counting is an
 * addition. */
#ifndef BASE_STATS_H
#define BASE_STATS_H
#include <busbar/metrics.h>
#include <stdbool.h>

struct bb_series {
	int64_t value; /* of a histogram: the sum */
	uint64_t count;
	const int64_t *bounds;
	bool shown;
	uint32_t bound_count, hash;
	const char **values;
	uint64_t buckets[]; /* one for each bound */
};

/* Found or made; lives until stats_forget() of its owner. `values` as many as there are labels;
 * copied. The first one makes the metric known: of `owner`, NULL for the core's. What belongs to
 * another owner already is counted for nobody. Without `values`, of a metric with labels: only
 * makes it known; NULL. */
struct bb_series *stats_series(const void *owner, const struct bb_metric *,
			       const char *const *values);
/* The same of a metric without labels. */
struct bb_series *stats_single(const struct bb_metric *);

static inline void stats_add(struct bb_series *s, uint64_t n)
{
	s->value += (int64_t)n;
}

static inline void stats_set(struct bb_series *s, int64_t value)
{
	s->value = value;
	s->shown = true;
}

static inline void stats_observe(struct bb_series *s, int64_t value)
{
	uint32_t i = 0;
	while (i < s->bound_count && value > s->bounds[i])
		i++;
	if (i < s->bound_count)
		s->buckets[i]++;
	s->count++;
	s->value += value;
}

/* So that metrics are told of before anything was counted. */
void stats_know(const struct bb_metric *, uint32_t count);
/* A metric's series are not shown until they are set again: of gauges whose things come and go. */
void stats_hide(const struct bb_metric *);

/* `fn(arg)` runs before each stats_each(), to set gauges; until stats_forget(owner). */
void stats_before(const void *owner, void (*fn)(void *arg), void *arg);
/* All metrics with their series, in the order of names. */
void stats_each(bb_metric_fn *fn, void *arg);
/* What an owner has brought is gone. */
void stats_forget(const void *owner);
#endif

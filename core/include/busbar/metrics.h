/* Figures that GET /metrics tells: how a plugin declares its own. Counting is for the loop thread,
 * and costs an addition; see bb_api's series() in <busbar/plugin.h>. */
#ifndef BUSBAR_METRICS_H
#define BUSBAR_METRICS_H
#include <stdint.h>

enum {
	BB_COUNTER,   /* only grows; its name ends in _total */
	BB_GAUGE,     /* how it is now */
	BB_HISTOGRAM, /* how many observations were at most so large */
};

/* Mostly static; must live as long as the plugin. */
struct bb_metric {
	const char *name; /* "busbar_<plugin>_..."; Prometheus' conventions: base units, in the name
			   */
	const char *help; /* one sentence */
	uint32_t type;
	/* All values are integers, in 1/scale of the name's unit: 1000000 for microseconds of what
	 * is told in seconds. A power of ten; 0: 1. */
	uint32_t scale;
	const char *labels;    /* their names, separated by spaces; NULL: none; at most 4 */
	const int64_t *bounds; /* of a histogram: upper bounds, ascending */
	uint32_t bound_count;
	/* At most so many series; values of labels beyond them are "other", all together. 0: 64.
	 * Whatever others may choose (a charger, a client) must be bounded before it comes here. */
	uint32_t most;
};
#define BB_BOUNDS(a) .bounds = (a), .bound_count = sizeof(a) / sizeof *(a)

struct bb_series; /* one of a metric's, by the values of its labels */

/* A series as it stands. */
struct bb_reading {
	const char *const *values; /* of the labels, in their order */
	int64_t value;             /* of a histogram: the sum of all observations */
	uint64_t count;            /* of a histogram: how many there were */
	const uint64_t *buckets; /* how many fell under each bound, and not under the one before */
};

/* A metric with its series that there are now. */
typedef void bb_metric_fn(const struct bb_metric *, const struct bb_reading *, uint32_t count,
			  void *arg);
#endif

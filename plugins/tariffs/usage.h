/* When a session charged and when it only stood there. Pure. See docs/tariffs.md, "Idle time". */
#ifndef TARIFFS_USAGE_H
#define TARIFFS_USAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A meter reading within a session. */
struct reading {
	int64_t at_ms;
	int64_t energy_wh; /* -1: not told */
	int64_t power_w;   /* -1: not told */
};

/* What the connector said, from then on. */
struct status {
	int64_t at_ms;
	const char *name; /* OCPP's */
};

struct period {
	int64_t from_ms, to_ms;
};

/* A stretch of charging or of idle time; what is between two of them is neither. */
struct span {
	int64_t from_ms, to_ms;
	bool idle;
};

struct usage {
	int64_t charging_ms, idle_ms;
};

/* The connector's statuses decide where there are any of charging or suspension; else the readings:
 * a stretch of less than `idle_below_w` is none of charging. Both in the order of time. `ret` has
 * room for status_count + 2; how many there are. */
size_t usage_spans(struct period session, const struct status *, size_t status_count,
		   const struct reading *, size_t reading_count, int64_t idle_below_w,
		   struct span *ret);
struct usage usage_sum(const struct span *, size_t count);
#endif

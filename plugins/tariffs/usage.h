/* When a session charged and when it only stood there. Pure. See docs/tariffs.md, "Idle time". */
#ifndef TARIFFS_USAGE_H
#define TARIFFS_USAGE_H
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

struct usage {
	int64_t charging_ms, idle_ms;
};

/* The connector's statuses decide where there are any of charging or suspension; else the readings:
 * a stretch of less than `idle_below_w` is none of charging. Both in the order of time. */
struct usage usage_of(struct period session, const struct status *, size_t status_count,
		      const struct reading *, size_t reading_count, int64_t idle_below_w);
#endif

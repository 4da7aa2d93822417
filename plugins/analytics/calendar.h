/* The hours and days of a time zone. */
#ifndef ANALYTICS_CALENDAR_H
#define ANALYTICS_CALENDAR_H
#include <busbar/plugin.h>

#define BUCKETS_MOST 10000u

enum interval { BY_HOUR, BY_DAY, IN_TOTAL };

/* Times from the begin of the interval that `from_ms` is in to the end of the one before `to_ms`,
 * by which `count` intervals are bounded: one time more than that. False: there are more than
 * BUCKETS_MOST. */
struct calendar {
	int64_t *at_ms;
	uint32_t count;
};
bool calendar_make(const struct bb_api *, struct bb_arena *, const char *zone, enum interval,
		   int64_t from_ms, int64_t to_ms, struct calendar *ret);
#endif

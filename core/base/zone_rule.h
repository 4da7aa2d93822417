/* The last line of a tzdata file: what holds after its last transition, as POSIX writes it. */
#ifndef BASE_ZONE_RULE_H
#define BASE_ZONE_RULE_H
#include <stdbool.h>
#include <stdint.h>

struct zone_offset {
	int32_t seconds; /* east of UTC */
	bool dst;
};

/* A day of the year and a time of that day. */
struct zone_day {
	char kind; /* 'M': weekday of a week of a month; 'J': day 1 to 365, no 29 February; 'N': 0
		      to 365 */
	int month, week, day;
	int32_t time_s;
};

struct zone_rule {
	struct zone_offset standard, summer;
	bool has_summer;
	struct zone_day start, end;
};

/* "CET-1CEST,M3.5.0,M10.5.0/3"; -EINVAL for what it is not. */
int zone_rule_parse(const char *text, struct zone_rule *ret);
struct zone_offset zone_rule_at(const struct zone_rule *, int64_t utc_s);
#endif

/* Time zones, as the system's tzdata has them, with their future rules. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;
struct zones; /* those that were asked for, read once */

struct zone_time {
	int64_t year;
	int month, day, hour, minute, second; /* from 1, 1, 0, 0, 0 */
	int weekday;                          /* Monday is 1, Sunday 7 */
	int32_t offset_s;                     /* east of UTC */
	bool dst;
};

/* `dir` NULL: the system's, /usr/share/zoneinfo. */
struct zones *zones_new(const char *dir);
void zones_free(struct zones *);
/* By its IANA name ("Europe/Berlin"); "UTC" is always there. NULL if there is none. */
const struct zone *zones_find(struct zones *, const char *name);

/* Seconds since 1970 as that zone's clocks show it. */
void zone_local(const struct zone *, int64_t utc_s, struct zone_time *ret);
/* When clocks show year to second (others are ignored; out of range carries over). Shown twice: the
 * first time; never shown: as if the clocks had not been put forward yet. */
int64_t zone_utc(const struct zone *, const struct zone_time *);
#endif

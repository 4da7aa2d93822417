/* Time zones for plugins: clocks as milliseconds since they showed 1970-01-01T00:00:00. */
#include <errno.h>

#include "base/zone.h"
#include "plugin/host_state.h"

#define DAY_S 86400

static const struct zone *find(struct host *h, const char *name)
{
	if (!h->zones)
		h->zones = zones_new(NULL);
	return zones_find(h->zones, name);
}

/* Rounded down, also before 1970. */
static int64_t whole(int64_t v, int64_t unit, int64_t *ret_rest)
{
	*ret_rest = (v % unit + unit) % unit;
	return (v - *ret_rest) / unit;
}

int host_zone_local(struct host *h, const char *zone, int64_t utc_ms, int64_t *ret_shown_ms)
{
	const struct zone *z = find(h, zone);
	struct zone_time t;
	int64_t ms;
	if (!z)
		return -ENOENT;
	zone_local(z, whole(utc_ms, 1000, &ms), &t);
	*ret_shown_ms = utc_ms + t.offset_s * INT64_C(1000);
	return 0;
}

int host_zone_utc(struct host *h, const char *zone, int64_t shown_ms, int64_t *ret_utc_ms)
{
	const struct zone *z = find(h, zone);
	int64_t ms, second;
	int64_t days = whole(whole(shown_ms, 1000, &ms), DAY_S, &second);
	if (!z)
		return -ENOENT;
	struct zone_time t = {
	    .year = 1970, .month = 1, .day = 1 + (int)days, .second = (int)second};
	*ret_utc_ms = zone_utc(z, &t) * 1000 + ms;
	return 0;
}

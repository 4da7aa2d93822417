#include "calendar.h"

#include "cover.h"

#define SLOT_MS (SLOT_S * INT64_C(1000))
#define HOUR_MS (4 * SLOT_MS)
#define DAY_MS (24 * HOUR_MS)

static int64_t over(int64_t v, int64_t unit)
{
	return (v % unit + unit) % unit;
}

static int64_t shown(const struct bb_api *api, const char *zone, int64_t utc_ms)
{
	int64_t ms = utc_ms;
	api->zone_local(zone, utc_ms, &ms);
	return ms;
}

/* An hour that clocks show twice is two hours. */
static int64_t hour_of(const struct bb_api *api, const char *zone, int64_t utc_ms)
{
	return utc_ms - over(shown(api, zone, utc_ms), HOUR_MS);
}

static int64_t day_of(const struct bb_api *api, const char *zone, int64_t utc_ms, int64_t days)
{
	int64_t clock = shown(api, zone, utc_ms), ret = utc_ms;
	api->zone_utc(zone, clock - over(clock, DAY_MS) + days * DAY_MS, &ret);
	return ret;
}

static int64_t begin_of(const struct bb_api *api, const char *zone, enum interval by, int64_t ms)
{
	if (by == IN_TOTAL)
		return ms - over(ms, SLOT_MS);
	return by == BY_HOUR ? hour_of(api, zone, ms) : day_of(api, zone, ms, 0);
}

static int64_t end_of(const struct bb_api *api, const char *zone, enum interval by, int64_t begin,
		      int64_t to_ms)
{
	if (by == IN_TOTAL)
		return to_ms + over(-to_ms, SLOT_MS);
	int64_t end =
	    by == BY_HOUR ? hour_of(api, zone, begin + HOUR_MS) : day_of(api, zone, begin, 1);
	return end > begin ? end : begin + HOUR_MS;
}

bool calendar_make(const struct bb_api *api, struct bb_arena *a, const char *zone, enum interval by,
		   int64_t from_ms, int64_t to_ms, struct calendar *ret)
{
	int64_t shortest = by == BY_DAY ? DAY_MS - HOUR_MS : HOUR_MS;
	int64_t most = by == IN_TOTAL ? 1 : (to_ms - from_ms) / shortest + 2;
	if (from_ms >= to_ms)
		most = 0;
	if (most > BUCKETS_MOST)
		return false;
	ret->at_ms = bb_alloc(a, (size_t)(most + 1) * sizeof *ret->at_ms);
	ret->count = 0;
	int64_t at = ret->at_ms[0] = begin_of(api, zone, by, from_ms);
	while (at < to_ms && ret->count < most) {
		at = end_of(api, zone, by, at, to_ms);
		ret->at_ms[++ret->count] = at;
	}
	return true;
}

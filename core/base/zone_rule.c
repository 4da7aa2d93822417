#include "base/zone_rule.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/civil.h"

#define DAY_S 86400

static bool skip_name(const char **at)
{
	const char *p = *at;
	if (*p == '<') {
		while (*p && *p != '>')
			p++;
		if (!*p++)
			return false;
	} else {
		while (isalpha((unsigned char)*p))
			p++;
		if (p - *at < 3)
			return false;
	}
	*at = p;
	return true;
}

static bool number(const char **at, int most, int *ret)
{
	int v = 0;
	if (!isdigit((unsigned char)**at))
		return false;
	while (isdigit((unsigned char)**at) && v <= most)
		v = v * 10 + (*(*at)++ - '0');
	*ret = v;
	return v <= most;
}

static bool accept(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool span(const char **at, int32_t *ret)
{
	int h = 0, m = 0, s = 0;
	bool minus = accept(at, '-');
	if (!minus)
		accept(at, '+');
	if (!number(at, 167, &h))
		return false;
	if (accept(at, ':') && !number(at, 59, &m))
		return false;
	if (accept(at, ':') && !number(at, 59, &s))
		return false;
	*ret = (minus ? -1 : 1) * (h * 3600 + m * 60 + s);
	return true;
}

static bool month_day(const char **at, struct zone_day *ret)
{
	return number(at, 12, &ret->month) && ret->month >= 1 && accept(at, '.') &&
	       number(at, 5, &ret->week) && ret->week >= 1 && accept(at, '.') &&
	       number(at, 6, &ret->day);
}

static bool change(const char **at, struct zone_day *ret)
{
	if (!accept(at, ','))
		return false;
	ret->time_s = 2 * 3600;
	ret->kind = accept(at, 'M') ? 'M' : accept(at, 'J') ? 'J' : 'N';
	if (ret->kind == 'M' ? !month_day(at, ret) : !number(at, 365, &ret->day))
		return false;
	return !accept(at, '/') || span(at, &ret->time_s);
}

int zone_rule_parse(const char *text, struct zone_rule *ret)
{
	struct zone_rule r = {0};
	int32_t west;
	if (!skip_name(&text) || !span(&text, &west))
		return -EINVAL;
	r.standard.seconds = -west;
	if (*text) {
		if (!skip_name(&text))
			return -EINVAL;
		r.has_summer = true;
		r.summer = (struct zone_offset){r.standard.seconds + 3600, true};
		if (*text != ',') {
			if (!span(&text, &west))
				return -EINVAL;
			r.summer.seconds = -west;
		}
		if (!change(&text, &r.start) || !change(&text, &r.end) || *text)
			return -EINVAL;
	}
	*ret = r;
	return 0;
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Local seconds since 1970 of the change in that year. */
static int64_t when(const struct zone_day *d, int64_t year)
{
	int64_t days;
	if (d->kind == 'M') {
		int64_t first = civil_days(year, d->month, 1);
		int64_t next =
		    d->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, d->month + 1, 1);
		int64_t weekday = ((first + 4) % 7 + 7) % 7; /* Sunday is 0 */
		days = first + (d->day - weekday + 7) % 7 + 7 * (d->week - 1);
		while (days >= next)
			days -= 7;
	} else {
		bool past_february = d->kind == 'J' && is_leap(year) && d->day >= 60;
		days = civil_days(year, 1, 1) + d->day - (d->kind == 'J') + past_february;
	}
	return days * DAY_S + d->time_s;
}

struct zone_offset zone_rule_at(const struct zone_rule *r, int64_t utc_s)
{
	if (!r->has_summer)
		return r->standard;
	int64_t local = utc_s + r->standard.seconds, year, month, day;
	civil_date(local / DAY_S - (local % DAY_S < 0), &year, &month, &day);
	int64_t start = when(&r->start, year) - r->standard.seconds;
	int64_t end = when(&r->end, year) - r->summer.seconds;
	bool summer = start < end ? utc_s >= start && utc_s < end : utc_s >= start || utc_s < end;
	return summer ? r->summer : r->standard;
}

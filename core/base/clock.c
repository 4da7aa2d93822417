#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/civil.h"

static _Atomic int64_t fixed_ms = -1;

int64_t clock_now_ms(void)
{
	int64_t fixed = atomic_load_explicit(&fixed_ms, memory_order_relaxed);
	if (fixed >= 0)
		return fixed;
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_set_ms(int64_t ms)
{
	atomic_store(&fixed_ms, ms);
}

int64_t clock_mono_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_cpu_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct scan {
	const char *at, *end;
};

static bool scan_digits(struct scan *s, int count, int64_t *ret)
{
	int64_t v = 0;
	for (int i = 0; i < count; i++, s->at++) {
		if (s->at >= s->end || !isdigit((unsigned char)*s->at))
			return false;
		v = v * 10 + (*s->at - '0');
	}
	*ret = v;
	return true;
}

static bool scan_char(struct scan *s, const char *any)
{
	for (; s->at < s->end && *any; any++)
		if (*s->at == *any) {
			s->at++;
			return true;
		}
	return false;
}

static int64_t month_days(int64_t y, int64_t m)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return m == 2 && leap ? 29 : days[m - 1];
}

static bool scan_date(struct scan *s, int64_t *ret_days)
{
	int64_t y, m, d;
	if (!scan_digits(s, 4, &y) || !scan_char(s, "-") || !scan_digits(s, 2, &m) ||
	    !scan_char(s, "-") || !scan_digits(s, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > month_days(y, m))
		return false;
	*ret_days = civil_days(y, m, d);
	return true;
}

static bool scan_fraction(struct scan *s, int64_t *ret_ms)
{
	static const int64_t weight[] = {100, 10, 1};
	int64_t ms = 0;
	int n = 0;
	for (; s->at < s->end && isdigit((unsigned char)*s->at); s->at++, n++)
		if (n < 3)
			ms += (*s->at - '0') * weight[n];
	*ret_ms = ms;
	return n > 0;
}

static bool scan_time(struct scan *s, int64_t *ret_ms)
{
	int64_t h, m, sec, ms = 0;
	if (!scan_digits(s, 2, &h) || !scan_char(s, ":") || !scan_digits(s, 2, &m) ||
	    !scan_char(s, ":") || !scan_digits(s, 2, &sec))
		return false;
	if (h > 23 || m > 59 || sec > 60)
		return false;
	if (scan_char(s, ".") && !scan_fraction(s, &ms))
		return false;
	*ret_ms = ((h * 60 + m) * 60 + (sec == 60 ? 59 : sec)) * 1000 + ms;
	return true;
}

static bool scan_zone(struct scan *s, int64_t *ret_ms)
{
	if (scan_char(s, "Zz")) {
		*ret_ms = 0;
		return true;
	}
	int64_t sign = s->at < s->end && *s->at == '-' ? -1 : 1, h, m;
	if (!scan_char(s, "+-") || !scan_digits(s, 2, &h) || !scan_char(s, ":") ||
	    !scan_digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*ret_ms = sign * (h * 60 + m) * 60000;
	return true;
}

int clock_parse(const char *text, size_t len, int64_t *ret_ms)
{
	struct scan s = {text, text + len};
	int64_t days, time, zone;
	if (!scan_date(&s, &days) || !scan_char(&s, "Tt ") || !scan_time(&s, &time) ||
	    !scan_zone(&s, &zone) || s.at != s.end)
		return -EINVAL;
	*ret_ms = days * 86400000 + time - zone;
	return 0;
}

static size_t put_digits(char *at, int64_t v, int count)
{
	for (int i = count - 1; i >= 0; i--, v /= 10)
		at[i] = (char)('0' + v % 10);
	return (size_t)count;
}

static size_t format(int64_t ms, bool fraction, char out[CLOCK_TEXT_SIZE])
{
	int64_t days = ms / 86400000, rest = ms % 86400000;
	if (rest < 0) {
		rest += 86400000;
		days--;
	}
	int64_t y, m, d;
	civil_date(days, &y, &m, &d);
	/* What RFC 3339 cannot write is written as its nearest bound; PostgreSQL has no year 0. */
	if (y < 1 || y > 9999)
		return format(y < 1 ? -62135596800000 : 253402300799999, fraction, out);
	int64_t sec = rest / 1000;
	const int64_t part[] = {y, m, d, sec / 3600, sec / 60 % 60, sec % 60};
	static const char after[] = "--T::";
	size_t n = 0;
	for (int i = 0; i < 6; i++) {
		n += put_digits(out + n, part[i], i ? 2 : 4);
		if (i < 5)
			out[n++] = after[i];
	}
	if (fraction) {
		out[n++] = '.';
		n += put_digits(out + n, rest % 1000, 3);
	}
	out[n++] = 'Z';
	out[n] = '\0';
	return n;
}

size_t clock_format(int64_t ms, char out[CLOCK_TEXT_SIZE])
{
	return format(ms, true, out);
}

size_t clock_format_seconds(int64_t ms, char out[CLOCK_TEXT_SIZE])
{
	return format(ms, false, out);
}

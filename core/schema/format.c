#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "schema/node.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define ZONE_LENGTH 64u

static bool is_date_time(const char *s, uint32_t len)
{
	int64_t ms;
	return clock_parse(s, len, &ms) == 0;
}

static size_t scheme_length(const char *s, uint32_t len)
{
	size_t i = 0;
	if (len && isalpha((unsigned char)s[0]))
		while (i < len && (isalnum((unsigned char)s[i]) || strchr("+-.", s[i])))
			i++;
	return i;
}

/* RFC 3986, appendix A, as far as single characters go: unreserved, reserved, percent-encoded. */
static bool are_uri_characters(const char *s, size_t len)
{
	static const char marks[] = "-._~:/?#[]@!$&'()*+,;=";
	bool fragment = false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '%') {
			if (i + 2 >= len || !isxdigit((unsigned char)s[i + 1]) ||
			    !isxdigit((unsigned char)s[i + 2]))
				return false;
			i += 2;
		} else if (c >= 0x80 || (!isalnum(c) && !strchr(marks, c))) {
			return false;
		} else if (c == '#') {
			if (fragment)
				return false;
			fragment = true;
		}
	}
	return true;
}

/* Absolute: a scheme, and something behind it. */
static bool is_uri(const char *s, uint32_t len)
{
	size_t scheme = scheme_length(s, len);
	return scheme && scheme + 1 < len && s[scheme] == ':' &&
	       are_uri_characters(s + scheme + 1, len - scheme - 1);
}

static bool is_zone_name(const char *s, uint32_t len)
{
	if (!len || len > ZONE_LENGTH || s[0] == '/' || s[len - 1] == '/')
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("_+-/", s[i]))
			return false;
	return true;
}

/* A name that this machine's time zone database knows. */
static bool is_time_zone(const char *s, uint32_t len)
{
	if (!is_zone_name(s, len))
		return false;
	if (len == 3 && !memcmp(s, "UTC", 3))
		return true;
	char path[sizeof ZONE_FOLDER + ZONE_LENGTH], magic[4];
	snprintf(path, sizeof path, ZONE_FOLDER "%s", s);
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	bool zone = fread(magic, 1, sizeof magic, f) == sizeof magic && !memcmp(magic, "TZif", 4);
	fclose(f);
	return zone;
}

/* Digits where the pattern has a 0, itself elsewhere. */
static bool has_form(const char *s, uint32_t len, const char *pattern)
{
	if (len != strlen(pattern))
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (pattern[i] == '0' ? !isdigit((unsigned char)s[i]) : s[i] != pattern[i])
			return false;
	return true;
}

/* A day of the calendar, as RFC 3339 has it. */
static bool is_date(const char *s, uint32_t len)
{
	char text[sizeof "2026-11-21T00:00:00Z"];
	int64_t ms;
	if (!has_form(s, len, "0000-00-00"))
		return false;
	int size = snprintf(text, sizeof text, "%.10sT00:00:00Z", s);
	return clock_parse(text, (size_t)size, &ms) == 0;
}

static bool is_month(const char *s, uint32_t len)
{
	return has_form(s, len, "0000-00") && memcmp(&s[5], "01", 2) >= 0 &&
	       memcmp(&s[5], "12", 2) <= 0;
}

/* Hours and minutes, "00:00" to "23:59". */
static bool is_time_of_day(const char *s, uint32_t len)
{
	return has_form(s, len, "00:00") && memcmp(s, "24", 2) < 0 && s[3] < '6';
}

static const struct {
	const char *name, *rule;
	bool (*fits)(const char *s, uint32_t len);
} formats[] = {
    [FORMAT_DATE_TIME] = {"date-time", "is not an RFC 3339 date-time with a zone", is_date_time},
    [FORMAT_URI] = {"uri", "is not a URI", is_uri},
    [FORMAT_TIME_ZONE] = {"time-zone", "is not the name of a time zone", is_time_zone},
    [FORMAT_DATE] = {"date", "is not a date like 2026-12-24", is_date},
    [FORMAT_TIME_OF_DAY] = {"time-of-day", "is not a time of day like 22:30", is_time_of_day},
    [FORMAT_MONTH] = {"month", "is not a month like 2026-11", is_month},
};

int format_find(const char *name, enum format *ret)
{
	for (size_t i = FORMAT_NONE + 1; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(formats[i].name, name)) {
			*ret = (enum format)i;
			return 0;
		}
	return -EINVAL;
}

bool format_fits(enum format format, const char *s, uint32_t len)
{
	return formats[format].fits(s, len);
}

const char *format_rule(enum format format)
{
	return formats[format].rule;
}

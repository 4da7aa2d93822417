#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/zone.h"
#include "base/zone_rule.h"

static struct zones *zones;

static void setup(void)
{
	zones = zones_new(NULL);
}

static void teardown(void)
{
	zones_free(zones);
}

TestSuite(zone, .init = setup, .fini = teardown);

static int64_t seconds(const char *utc)
{
	int64_t ms;
	cr_assert_eq(clock_parse(utc, strlen(utc), &ms), 0);
	return ms / 1000;
}

static void expect_local(const char *name, const char *utc, int hour, int minute, bool dst)
{
	struct zone_time t;
	const struct zone *z = zones_find(zones, name);
	cr_assert_not_null(z, "%s", name);
	zone_local(z, seconds(utc), &t);
	cr_expect(t.hour == hour && t.minute == minute && t.dst == dst, "%s in %s is %d:%d dst %d",
		  utc, name, t.hour, t.minute, t.dst);
}

Test(zone, clocks_go_forward_in_spring_and_back_in_autumn)
{
	expect_local("Europe/Berlin", "2026-03-29T00:59:59Z", 1, 59, false);
	expect_local("Europe/Berlin", "2026-03-29T01:00:00Z", 3, 0, true);
	expect_local("Europe/Berlin", "2026-10-25T00:59:59Z", 2, 59, true);
	expect_local("Europe/Berlin", "2026-10-25T01:00:00Z", 2, 0, false);
}

Test(zone, summer_spans_the_new_year_in_the_south)
{
	expect_local("Australia/Sydney", "2026-01-15T00:00:00Z", 11, 0, true);
	expect_local("Australia/Sydney", "2026-07-15T00:00:00Z", 10, 0, false);
	expect_local("Australia/Sydney", "2060-01-15T00:00:00Z", 11, 0, true);
	expect_local("Australia/Sydney", "2060-07-15T00:00:00Z", 10, 0, false);
}

Test(zone, rules_hold_after_the_last_transition_of_the_file)
{
	expect_local("Europe/Berlin", "2045-07-01T12:00:00Z", 14, 0, true);
	expect_local("Europe/Berlin", "2045-12-01T12:00:00Z", 13, 0, false);
	expect_local("Asia/Kolkata", "2045-12-01T12:00:00Z", 17, 30, false);
}

Test(zone, weekdays_and_dates_are_local)
{
	struct zone_time t;
	zone_local(zones_find(zones, "Pacific/Auckland"), seconds("2026-11-21T12:00:00Z"), &t);
	cr_expect_eq(t.year, 2026);
	cr_expect_eq(t.month, 11);
	cr_expect_eq(t.day, 22);
	cr_expect_eq(t.weekday, 7);
	cr_expect_eq(t.offset_s, 13 * 3600);
}

Test(zone, times_before_1970_work)
{
	expect_local("UTC", "1969-12-31T23:59:59Z", 23, 59, false);
	expect_local("Europe/Berlin", "1965-06-01T00:00:00Z", 1, 0, false);
}

Test(zone, a_local_time_becomes_utc_also_around_changes)
{
	const struct zone *z = zones_find(zones, "Europe/Berlin");
	struct zone_time t = {.year = 2026, .month = 7, .day = 1, .hour = 12};
	cr_expect_eq(zone_utc(z, &t), seconds("2026-07-01T10:00:00Z"));
	t = (struct zone_time){.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30};
	cr_expect_eq(zone_utc(z, &t), seconds("2026-10-25T00:30:00Z"), "shown twice: the first");
	t = (struct zone_time){.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30};
	cr_expect_eq(zone_utc(z, &t), seconds("2026-03-29T01:30:00Z"), "never shown");
	t = (struct zone_time){.year = 2026, .month = 12, .day = 32};
	cr_expect_eq(zone_utc(z, &t), seconds("2026-12-31T23:00:00Z"), "carries over");
}

Test(zone, every_hour_of_forty_years_is_as_the_system_says)
{
	const char *names[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
			       "Africa/Casablanca", "America/Santiago"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct zone *z = zones_find(zones, names[i]);
		cr_assert_not_null(z);
		setenv("TZ", names[i], 1);
		tzset();
		for (time_t s = 0; s < 80LL * 365 * 86400; s += 5 * 3600) {
			struct tm tm;
			struct zone_time t;
			localtime_r(&s, &tm);
			zone_local(z, s, &t);
			cr_assert(t.offset_s == tm.tm_gmtoff && t.hour == tm.tm_hour &&
				      t.day == tm.tm_mday && t.dst == (tm.tm_isdst > 0),
				  "%s at %lld", names[i], (long long)s);
		}
	}
}

Test(zone, names_that_are_none_are_not_found)
{
	cr_expect_null(zones_find(zones, "Europe/Nowhere"));
	cr_expect_null(zones_find(zones, "../../../etc/passwd"));
	cr_expect_null(zones_find(zones, "/etc/localtime"));
	cr_expect_null(zones_find(zones, "Europe"));
	cr_expect_null(zones_find(zones, "tzdata.zi"));
	cr_expect_null(zones_find(zones, ""));
	cr_expect_null(zones_find(zones, "Europe//Berlin"));
	cr_expect_null(zones_find(zones, "Europe/Berlin/"));
}

Test(zone, malformed_rules_are_refused)
{
	const char *bad[] = {"",
			     "CE-1",
			     "CET",
			     "CET-1CEST",
			     "CET-1CEST,M3.5.0",
			     "CET-1CEST,M13.5.0,M10.5.0",
			     "CET-1CEST,M3.5.0,M10.5.0x",
			     "<+03-3"};
	struct zone_rule r;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(zone_rule_parse(bad[i], &r), -EINVAL, "%s", bad[i]);
	cr_expect_eq(zone_rule_parse("<+03>-3", &r), 0);
	cr_expect_eq(r.standard.seconds, 3 * 3600);
}

#include <criterion/criterion.h>

#include "base/clock.h"

static void expect_time(const char *text, const char *utc)
{
	int64_t ms;
	char out[CLOCK_TEXT_SIZE];
	cr_assert_eq(clock_parse(text, strlen(text), &ms), 0, "%s", text);
	clock_format(ms, out);
	cr_assert_str_eq(out, utc, "%s", text);
}

Test(clock, reads_every_form_of_rfc3339_and_writes_utc)
{
	expect_time("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z");
	expect_time("2024-02-29T23:59:60Z", "2024-02-29T23:59:59.000Z");
	expect_time("2026-11-21T08:00:00.1234567+01:30", "2026-11-21T06:30:00.123Z");
	expect_time("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
	expect_time("2000-03-01t00:00:00z", "2000-03-01T00:00:00.000Z");
	expect_time("2026-01-01T00:00:00-00:30", "2026-01-01T00:30:00.000Z");
}

Test(clock, writes_years_that_databases_do_not_know_as_the_nearest_they_do)
{
	expect_time("0000-06-01T00:00:00Z", "0001-01-01T00:00:00.000Z");
	expect_time("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00.000Z");
	expect_time("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59.999Z");
}

Test(clock, refuses_what_is_not_a_date_time_with_a_zone)
{
	const char *bad[] = {"",
			     "2023-10-19T15:28:07",
			     "2023-02-29T00:00:00Z",
			     "2023-13-01T00:00:00Z",
			     "2023-01-01T24:00:00Z",
			     "2023-01-01T00:00:00+02",
			     "2023-01-01T00:00:00.Z",
			     "2023-01-01T00:00:00Zx",
			     "2023-1-01T00:00:00Z"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t ms;
		cr_expect_lt(clock_parse(bad[i], strlen(bad[i]), &ms), 0, "%s", bad[i]);
	}
}

Test(clock, can_be_set_by_tests)
{
	clock_set_ms(42);
	cr_assert_eq(clock_now_ms(), 42);
	clock_set_ms(-1);
	cr_assert_gt(clock_now_ms(), 1700000000000);
}

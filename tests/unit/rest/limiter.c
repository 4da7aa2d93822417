#include "limiter.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct limiter l;

Test(limiter, lets_a_minutes_worth_through_at_once_and_then_tells_how_long_to_wait)
{
	for (int i = 0; i < 60; i++)
		cr_assert_eq(limiter_take(&l, "a", 60, 1000), 0);
	cr_assert_eq(limiter_take(&l, "a", 60, 1000), 2);
	cr_assert_eq(limiter_take(&l, "a", 60, 1999), 1);
	cr_assert_eq(limiter_take(&l, "a", 60, 2000), 0);
	cr_assert_gt(limiter_take(&l, "a", 60, 2000), 0);
}

Test(limiter, never_saves_up_more_than_a_minutes_worth)
{
	cr_assert_eq(limiter_take(&l, "a", 2, 0), 0);
	cr_assert_eq(limiter_take(&l, "a", 2, 3600000), 0);
	cr_assert_eq(limiter_take(&l, "a", 2, 3600000), 0);
	cr_assert_gt(limiter_take(&l, "a", 2, 3600000), 0);
}

Test(limiter, keeps_callers_apart)
{
	cr_assert_eq(limiter_take(&l, "a", 1, 0), 0);
	cr_assert_gt(limiter_take(&l, "a", 1, 0), 0);
	cr_assert_eq(limiter_take(&l, "b", 1, 0), 0);
}

Test(limiter, has_no_limit_when_it_is_zero)
{
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(limiter_take(&l, "a", 0, 0), 0);
}

Test(limiter, survives_a_clock_that_goes_back)
{
	cr_assert_eq(limiter_take(&l, "a", 1, 90000), 0);
	cr_assert_gt(limiter_take(&l, "a", 1, 1000), 0);
	cr_assert_eq(limiter_take(&l, "a", 1, 61001), 0);
}

Test(limiter, remembers_the_busy_one_in_a_flood_of_others)
{
	char name[32];
	cr_assert_eq(limiter_take(&l, "busy", 2, 0), 0);
	cr_assert_eq(limiter_take(&l, "busy", 2, 1), 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "10.0.%d.%d", i / 250, i % 250);
		cr_assert_eq(limiter_take(&l, name, 2, 2), 0);
	}
	cr_assert_gt(limiter_take(&l, "busy", 2, 3), 0);
}

#include "attempts.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct attempts t = {.free = 3, .longest_ms = 60000};

Test(attempts, are_free_at_first_and_then_wait_twice_as_long_each_time)
{
	int64_t now = 1000000, waits[] = {0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60};
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		if (waits[i]) {
			cr_assert_eq(attempts_take(&t, "a", now), waits[i], "%zu", i);
			now += waits[i] * 1000 - 1;
			cr_assert_eq(attempts_take(&t, "a", now), 1, "%zu", i);
			now++;
		}
		cr_assert_eq(attempts_take(&t, "a", now), 0, "%zu", i);
	}
	cr_assert_eq(attempts_take(&t, "b", now), 0);
}

Test(attempts, that_succeed_do_not_count)
{
	for (int i = 0; i < 100; i++) {
		cr_assert_eq(attempts_take(&t, "a", 1000), 0);
		attempts_give_back(&t, "a");
	}
	for (int i = 0; i < 3; i++)
		cr_assert_eq(attempts_take(&t, "a", 1000), 0);
	cr_assert_gt(attempts_take(&t, "a", 1000), 0);
	attempts_forget(&t, "a");
	cr_assert_eq(attempts_take(&t, "a", 1000), 0);
}

Test(attempts, are_forgotten_after_a_long_silence_and_when_the_clock_goes_back)
{
	for (int i = 0; i < 3; i++)
		attempts_take(&t, "a", 1000000);
	cr_assert_gt(attempts_take(&t, "a", 1000000), 0);
	cr_assert_eq(attempts_take(&t, "a", 1000000 + 120001), 0);
	for (int i = 0; i < 2; i++)
		cr_assert_eq(attempts_take(&t, "a", 1000000 + 120001), 0);
	cr_assert_eq(attempts_take(&t, "a", 5), 0);
}

Test(attempts, of_a_crowd_take_no_more_room)
{
	char name[16];
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "%d", i);
		cr_assert_eq(attempts_take(&t, name, i), 0);
	}
}

Test(attempts, without_a_limit_are_all_free)
{
	static struct attempts none;
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(attempts_take(&none, "a", 1000), 0);
}

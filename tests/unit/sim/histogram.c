#include <criterion/criterion.h>

#include "tests/sim/histogram.h"

Test(histogram, an_empty_one_has_nothing_to_tell)
{
	static struct histogram h;
	cr_assert_eq(histogram_at(&h, 0.5), 0);
	cr_assert_eq(histogram_at(&h, 1), 0);
}

Test(histogram, small_values_are_exact)
{
	static struct histogram h;
	for (uint64_t us = 1; us <= 100; us++)
		histogram_add(&h, us);
	cr_assert_eq(histogram_at(&h, 0.5), 50);
	cr_assert_eq(histogram_at(&h, 0.99), 99);
	cr_assert_eq(histogram_at(&h, 1), 100);
}

Test(histogram, large_values_are_within_a_64th)
{
	for (uint64_t us = 100; us < 1ull << 32; us = us * 5 / 3) {
		struct histogram h = {0};
		histogram_add(&h, us);
		histogram_add(&h, us * 4);
		uint64_t half = histogram_at(&h, 0.5);
		cr_assert(half >= us && half <= us + us / 64 + 1, "%lu for %lu",
			  (unsigned long)half, (unsigned long)us);
		cr_assert_eq(h.max, us * 4);
	}
}

Test(histogram, a_value_beyond_all_buckets_is_kept_as_the_maximum)
{
	static struct histogram h;
	histogram_add(&h, UINT64_MAX);
	cr_assert_eq(h.count, 1);
	cr_assert_eq(h.max, UINT64_MAX);
}

#include "base/stats.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct bb_metric plain = {"b_total", "B.", BB_COUNTER};
static const struct bb_metric labelled = {"a_total", "A.", BB_COUNTER, .labels = "x y", .most = 3};
static const struct bb_metric gauge = {"g", "G.", BB_GAUGE, .labels = "x"};
static const int64_t bounds[] = {1, 10, 100};
static const struct bb_metric histogram = {"h", "H.", BB_HISTOGRAM, BB_BOUNDS(bounds)};

static char told[1024];

static void tell(const struct bb_metric *m, const struct bb_reading *r, uint32_t count, void *arg)
{
	(void)arg;
	size_t at = strlen(told);
	at += (size_t)snprintf(told + at, sizeof told - at, "%s:", m->name);
	for (uint32_t i = 0; i < count; i++)
		at += (size_t)snprintf(told + at, sizeof told - at, " %s=%lld",
				       m->labels ? r[i].values[0] : "", (long long)r[i].value);
	snprintf(told + at, sizeof told - at, "; ");
}

static const char *tell_all(void)
{
	*told = '\0';
	stats_each(tell, NULL);
	return told;
}

Test(stats, are_told_by_name_with_all_their_series)
{
	const char *one[] = {"1", "a"}, *two[] = {"2", "a"};
	stats_add(stats_single(&plain), 2);
	stats_add(stats_series(NULL, &labelled, one), 1);
	stats_add(stats_series(NULL, &labelled, two), 5);
	stats_add(stats_series(NULL, &labelled, one), 1);
	cr_assert_str_eq(tell_all(), "a_total: 1=2 2=5; b_total: =2; ");
}

Test(stats, are_the_same_series_for_the_same_values)
{
	char text[] = "1";
	const char *one[] = {text, "a"}, *again[] = {"1", "a"}, *swapped[] = {"a", "1"};
	struct bb_series *s = stats_series(NULL, &labelled, one);
	text[0] = '9';
	cr_assert_eq(stats_series(NULL, &labelled, again), s);
	cr_assert_neq(stats_series(NULL, &labelled, swapped), s);
}

Test(stats, count_what_is_beyond_the_most_as_other)
{
	for (int i = 0; i < 100; i++) {
		char text[8];
		snprintf(text, sizeof text, "%d", i);
		const char *values[] = {text, "a"};
		stats_add(stats_series(NULL, &labelled, values), 1);
	}
	cr_assert_str_eq(tell_all(), "a_total: 0=1 1=1 2=1 other=97; ");
}

Test(stats, find_each_of_many_series)
{
	static const struct bb_metric many = {"m", "M.", BB_COUNTER, .labels = "x", .most = 1000};
	struct bb_series *all[1000];
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 1000; i++) {
			char text[8];
			snprintf(text, sizeof text, "%d", i);
			const char *value = text;
			struct bb_series *s = stats_series(NULL, &many, &value);
			cr_assert(!round || all[i] == s);
			all[i] = s;
		}
}

Test(stats, make_a_metric_known_that_nothing_was_counted_of)
{
	stats_know(&labelled, 1);
	stats_know(&histogram, 1);
	cr_assert_str_eq(tell_all(), "a_total:; h: =0; ");
}

Test(stats, put_observations_under_the_first_bound_that_holds_them)
{
	struct bb_series *s = stats_single(&histogram);
	static const int64_t values[] = {0, 1, 2, 10, 11, 100, 101, 5000};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		stats_observe(s, values[i]);
	cr_assert_eq(s->buckets[0], 2);
	cr_assert_eq(s->buckets[1], 2);
	cr_assert_eq(s->buckets[2], 2);
	cr_assert_eq(s->count, 8);
	cr_assert_eq(s->value, 5225);
}

Test(stats, hide_gauges_until_they_are_set_again)
{
	const char *a = "a", *b = "b";
	stats_set(stats_series(NULL, &gauge, &a), 1);
	stats_set(stats_series(NULL, &gauge, &b), 2);
	stats_hide(&gauge);
	stats_set(stats_series(NULL, &gauge, &b), 3);
	cr_assert_str_eq(tell_all(), "g: b=3; ");
}

static void set_five(void *arg)
{
	stats_set(stats_series(NULL, &gauge, (const char *const *)arg), 5);
}

Test(stats, ask_owners_before_they_are_told_and_forget_them)
{
	const char *a = "a";
	int owner = 0, other = 0;
	stats_before(&owner, set_five, &a);
	stats_series(&owner, &plain, NULL);
	stats_before(&other, set_five, &a);
	cr_assert_str_eq(tell_all(), "b_total: =0; g: a=5; ");
	stats_forget(&owner);
	stats_forget(&other);
	stats_hide(&gauge);
	cr_assert_str_eq(tell_all(), "g:; ");
	stats_before(&other, set_five, &a);
	cr_assert_str_eq(tell_all(), "g: a=5; ");
}

Test(stats, of_one_name_have_one_owner)
{
	int owner = 0;
	static const struct bb_metric same = {"b_total", "Another.", BB_COUNTER};
	stats_add(stats_single(&plain), 1);
	stats_add(stats_series(&owner, &same, NULL), 7);
	cr_assert_str_eq(tell_all(), "b_total: =1; ");
}

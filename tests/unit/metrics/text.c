#include "text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const struct bb_metric *m, const struct bb_reading *r, uint32_t count)
{
	static char copy[4096];
	struct bb_bytes t = {0};
	text_metric(m, r, count, &t);
	cr_assert_lt(t.len, sizeof copy);
	memcpy(copy, t.data, t.len);
	copy[t.len] = '\0';
	bb_bytes_free(&t);
	return copy;
}

Test(text, tells_help_and_type_of_what_was_not_counted_yet)
{
	const struct bb_metric m = {"busbar_x_total", "What x did.", BB_COUNTER, .labels = "a"};
	cr_assert_str_eq(text_of(&m, NULL, 0), "# HELP busbar_x_total What x did.\n"
					       "# TYPE busbar_x_total counter\n");
}

Test(text, has_a_line_for_each_series_with_its_labels)
{
	const struct bb_metric m = {"busbar_x", "X.", BB_GAUGE, .labels = "a bc"};
	const char *one[] = {"1", "two"}, *two[] = {"", "other"};
	const struct bb_reading r[] = {{one, 7}, {two, -3}};
	cr_assert_str_eq(text_of(&m, r, 2), "# HELP busbar_x X.\n"
					    "# TYPE busbar_x gauge\n"
					    "busbar_x{a=\"1\",bc=\"two\"} 7\n"
					    "busbar_x{a=\"\",bc=\"other\"} -3\n");
}

Test(text, escapes_what_would_end_a_label_or_a_line)
{
	const struct bb_metric m = {"x", "a \\ \"b\"\nc", BB_GAUGE, .labels = "l"};
	const char *values[] = {"a\"b\\c\nd\xc3\xa4"};
	const struct bb_reading r = {values, 1};
	cr_assert_str_eq(text_of(&m, &r, 1), "# HELP x a \\\\ \"b\"\\nc\n"
					     "# TYPE x gauge\n"
					     "x{l=\"a\\\"b\\\\c\\nd\xc3\xa4\"} 1\n");
}

static const char *value_of(int64_t value, uint32_t scale)
{
	const struct bb_metric m = {"x", "X.", BB_GAUGE, scale};
	const struct bb_reading r = {NULL, value};
	const char *line = strstr(text_of(&m, &r, 1), "\nx ");
	cr_assert_not_null(line);
	static char copy[64];
	snprintf(copy, sizeof copy, "%s", line + 3);
	copy[strcspn(copy, "\n")] = '\0';
	return copy;
}

Test(text, writes_values_in_the_unit_of_the_name_and_exactly)
{
	cr_assert_str_eq(value_of(0, 1000000), "0");
	cr_assert_str_eq(value_of(1, 1000000), "0.000001");
	cr_assert_str_eq(value_of(1500000, 1000000), "1.5");
	cr_assert_str_eq(value_of(-20, 1000), "-0.02");
	cr_assert_str_eq(value_of(1795262400001, 1000), "1795262400.001");
	cr_assert_str_eq(value_of(10, 0), "10");
	cr_assert_str_eq(value_of(INT64_MAX, 1), "9223372036854775807");
	cr_assert_str_eq(value_of(INT64_MIN, 1), "-9223372036854775808");
}

Test(text, adds_up_the_buckets_of_a_histogram)
{
	static const int64_t bounds[] = {500, 1000, 30000000};
	const struct bb_metric m = {"h_seconds", "H.", BB_HISTOGRAM,
				    1000000,     "a",  BB_BOUNDS(bounds)};
	const char *values[] = {"v"};
	const uint64_t buckets[] = {1, 0, 2};
	const struct bb_reading r = {values, 91000250, 5, buckets};
	cr_assert_str_eq(text_of(&m, &r, 1), "# HELP h_seconds H.\n"
					     "# TYPE h_seconds histogram\n"
					     "h_seconds_bucket{a=\"v\",le=\"0.0005\"} 1\n"
					     "h_seconds_bucket{a=\"v\",le=\"0.001\"} 1\n"
					     "h_seconds_bucket{a=\"v\",le=\"30\"} 3\n"
					     "h_seconds_bucket{a=\"v\",le=\"+Inf\"} 5\n"
					     "h_seconds_sum{a=\"v\"} 91.00025\n"
					     "h_seconds_count{a=\"v\"} 5\n");
}

Test(text, of_a_histogram_without_labels_has_the_bound_alone)
{
	static const int64_t bounds[] = {1};
	const struct bb_metric m = {"units", "U.", BB_HISTOGRAM, BB_BOUNDS(bounds)};
	const uint64_t buckets[] = {4};
	const struct bb_reading r = {NULL, 6, 5, buckets};
	cr_assert_str_eq(text_of(&m, &r, 1), "# HELP units U.\n"
					     "# TYPE units histogram\n"
					     "units_bucket{le=\"1\"} 4\n"
					     "units_bucket{le=\"+Inf\"} 5\n"
					     "units_sum 6\n"
					     "units_count 5\n");
}

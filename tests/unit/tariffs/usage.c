#include "usage.h"

#include <criterion/criterion.h>

#define MIN INT64_C(60000)
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct period hour = {0, 60 * MIN};

static void expect(struct usage u, int64_t charging_min, int64_t idle_min)
{
	cr_expect(u.charging_ms == charging_min * MIN && u.idle_ms == idle_min * MIN,
		  "charging %ld min, idle %ld min", (long)(u.charging_ms / MIN),
		  (long)(u.idle_ms / MIN));
}

static struct usage usage_of(struct period session, const struct status *s, size_t status_count,
			     const struct reading *r, size_t reading_count, int64_t idle_below_w)
{
	struct span spans[10];
	size_t n = usage_spans(session, s, status_count, r, reading_count, idle_below_w, spans);
	for (size_t i = 1; i < n; i++)
		cr_expect_leq(spans[i - 1].to_ms, spans[i].from_ms);
	return usage_sum(spans, n);
}

static struct usage by_status(const struct status *s, size_t n)
{
	return usage_of(hour, s, n, NULL, 0, 100);
}

static struct usage by_meter(const struct reading *r, size_t n)
{
	return usage_of(hour, NULL, 0, r, n, 100);
}

Test(usage, a_car_that_is_full_is_idle_until_the_stop)
{
	const struct status s[] = {
	    {-5 * MIN, "Preparing"}, {0, "Charging"}, {40 * MIN, "SuspendedEV"}};
	expect(by_status(s, COUNT(s)), 40, 20);
}

Test(usage, finishing_counts_as_idle_as_well)
{
	const struct status s[] = {{0, "Charging"},
				   {30 * MIN, "SuspendedEV"},
				   {45 * MIN, "Finishing"},
				   {60 * MIN, "Available"}};
	expect(by_status(s, COUNT(s)), 30, 30);
}

Test(usage, a_pause_in_between_is_not_idle)
{
	const struct status s[] = {
	    {0, "Charging"}, {10 * MIN, "SuspendedEV"}, {20 * MIN, "Charging"}};
	expect(by_status(s, COUNT(s)), 50, 0);
}

Test(usage, what_the_charger_suspends_is_nobodys_idle_time)
{
	const struct status s[] = {{0, "Charging"},
				   {10 * MIN, "SuspendedEV"},
				   {20 * MIN, "SuspendedEVSE"},
				   {50 * MIN, "SuspendedEV"}};
	expect(by_status(s, COUNT(s)), 10, 20);
	const struct status evse[] = {{0, "Charging"}, {10 * MIN, "SuspendedEVSE"}};
	expect(by_status(evse, COUNT(evse)), 10, 0);
}

Test(usage, before_the_first_status_it_charges)
{
	const struct status s[] = {{15 * MIN, "Charging"}, {45 * MIN, "Finishing"}};
	expect(by_status(s, COUNT(s)), 45, 15);
}

Test(usage, a_fault_ends_idle_time)
{
	const struct status s[] = {
	    {0, "Charging"}, {10 * MIN, "SuspendedEV"}, {30 * MIN, "Faulted"}};
	expect(by_status(s, COUNT(s)), 10, 0);
}

Test(usage, the_meter_tells_where_no_status_does)
{
	const struct reading r[] = {{0, 0, -1},
				    {15 * MIN, 2500, -1},
				    {30 * MIN, 5000, -1},
				    {45 * MIN, 5010, -1},
				    {60 * MIN, 5020, -1}};
	expect(by_meter(r, COUNT(r)), 30, 30);
	const struct status s[] = {{-MIN, "Preparing"}, {-1, "Available"}};
	expect(usage_of(hour, s, COUNT(s), r, COUNT(r), 100), 30, 30);
}

Test(usage, statuses_win_over_the_meter)
{
	const struct reading r[] = {{0, 0, -1}, {15 * MIN, 2500, -1}, {60 * MIN, 2500, -1}};
	const struct status s[] = {{0, "Charging"}, {50 * MIN, "SuspendedEV"}};
	expect(usage_of(hour, s, COUNT(s), r, COUNT(r), 100), 50, 10);
}

Test(usage, energy_that_trickles_for_long_is_still_charging_if_it_is_enough)
{
	const struct reading r[] = {{0, 0, -1}, {30 * MIN, 50, -1}, {60 * MIN, 99, -1}};
	expect(by_meter(r, COUNT(r)), 30, 30);
	expect(usage_of(hour, NULL, 0, r, COUNT(r), 98), 60, 0);
}

Test(usage, start_and_stop_alone_tell_no_idle_time)
{
	const struct reading r[] = {{0, 0, -1}, {60 * MIN, 20, -1}};
	expect(by_meter(r, COUNT(r)), 60, 0);
	expect(by_meter(NULL, 0), 60, 0);
}

Test(usage, a_session_that_never_charged_has_no_idle_time)
{
	const struct reading r[] = {{0, 0, -1}, {30 * MIN, 0, 0}, {60 * MIN, 0, -1}};
	expect(by_meter(r, COUNT(r)), 60, 0);
}

Test(usage, a_session_of_no_length_has_no_times)
{
	const struct period none = {5, 5};
	const struct status s[] = {{0, "Charging"}};
	struct usage u = usage_of(none, s, 1, NULL, 0, 100);
	cr_expect(u.charging_ms == 0 && u.idle_ms == 0);
}

Test(usage, stretches_of_the_same_are_one)
{
	struct span spans[6];
	const struct status s[] = {{0, "Charging"},
				   {10 * MIN, "Charging"},
				   {30 * MIN, "SuspendedEVSE"},
				   {40 * MIN, "SuspendedEV"}};
	cr_assert_eq(usage_spans(hour, s, COUNT(s), NULL, 0, 100, spans), 2);
	cr_expect(spans[0].from_ms == 0 && spans[0].to_ms == 30 * MIN && !spans[0].idle);
	cr_expect(spans[1].from_ms == 40 * MIN && spans[1].to_ms == 60 * MIN && spans[1].idle);
}

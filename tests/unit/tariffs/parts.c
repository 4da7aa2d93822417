#include "parts.h"

#include <criterion/criterion.h>

#include "stage.h"
#include "json/json.h"

#define MINUTE INT64_C(60000)
#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct candidate candidate(int64_t rank, int64_t id, int64_t version)
{
	return (struct candidate){rank, id, version, INT64_MIN, INT64_MAX, INT64_MIN, false, "EUR"};
}

/* "1.1 from 0; 1.2 from 30; " of a session of an hour, in minutes. */
static const char *parts_text(const struct candidate *c, size_t count)
{
	static char text[400];
	struct part parts[PARTS_MOST];
	size_t n = parts_of(c, count, 0, 60 * MINUTE, parts), len = 0;
	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%ld.%ld from %g; ",
					(long)parts[i].tariff->id, (long)parts[i].tariff->version,
					(double)parts[i].from_ms / (double)MINUTE);
	return text;
}

Test(parts, the_most_specific_place_counts)
{
	const struct candidate c[] = {candidate(2, 7, 1), candidate(0, 8, 1), candidate(1, 9, 1)};
	cr_expect_str_eq(parts_text(c, COUNT(c)), "8.1 from 0; ");
	cr_expect_str_eq(parts_text(c, 0), "");
}

Test(parts, a_version_for_running_sessions_takes_over)
{
	struct candidate c[] = {candidate(2, 7, 1), candidate(2, 7, 2)};
	c[1].since_ms = 30 * MINUTE + 500;
	cr_expect_str_eq(parts_text(c, 2), "7.1 from 0; ");
	c[1].running = true;
	cr_expect_str_eq(parts_text(c, 2), "7.1 from 0; 7.2 from 30; ");
	c[1].currency = "CHF";
	cr_expect_str_eq(parts_text(c, 2), "7.1 from 0; ", "not in another currency");
	c[1].currency = "EUR";
	c[1].since_ms = 200;
	cr_expect_str_eq(parts_text(c, 2), "7.2 from 0; ", "not within a second");
}

Test(parts, of_several_new_versions_each_has_its_time)
{
	struct candidate c[] = {candidate(2, 7, 1), candidate(2, 7, 2), candidate(2, 7, 3),
				candidate(0, 9, 1)};
	c[1].since_ms = 20 * MINUTE;
	c[2].since_ms = 40 * MINUTE;
	c[1].running = c[2].running = true;
	cr_expect_str_eq(parts_text(c, 3), "7.1 from 0; 7.2 from 20; 7.3 from 40; ");
	cr_expect_str_eq(parts_text(c, 4), "9.1 from 0; ", "it is not theirs");
}

Test(parts, where_a_tariff_ends_the_next_place_counts_if_it_says_so)
{
	struct candidate c[] = {candidate(0, 7, 1), candidate(2, 9, 1)};
	c[0].valid_until_ms = 45 * MINUTE;
	cr_expect_str_eq(parts_text(c, 2), "7.1 from 0; ");
	c[0].running = true;
	cr_expect_str_eq(parts_text(c, 2), "7.1 from 0; 9.1 from 45; ");
	cr_expect_str_eq(parts_text(c, 1), "7.1 from 0; ", "with none to follow it goes on");
}

Test(parts, where_a_tariff_begins_it_takes_over_if_it_says_so)
{
	struct candidate c[] = {candidate(0, 7, 1), candidate(2, 9, 1)};
	c[0].valid_from_ms = 15 * MINUTE;
	cr_expect_str_eq(parts_text(c, 2), "9.1 from 0; ");
	c[0].running = true;
	cr_expect_str_eq(parts_text(c, 2), "9.1 from 0; 7.1 from 15; ");
	cr_expect_str_eq(parts_text(c, 1), "", "none held at the start");
}

Test(parts, a_part_is_a_session_and_no_wh_is_lost, .init = stage_setup, .fini = stage_teardown)
{
	const struct reading r[] = {
	    {10 * MINUTE, 1001, -1}, {25 * MINUTE, -1, 7000}, {40 * MINUTE, 8002, 0}};
	struct facts f = {
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {0, 60 * MINUTE},
	    .energy_wh = 9007,
	    .time_zone = "UTC",
	    .readings = r,
	    .reading_count = COUNT(r),
	    .idle_ms = 20 * MINUTE,
	};
	const struct bb_json *s = facts_session(&api, arena, &f);
	struct part_before before = {1, 2, 0, 0, 0, bb_json_empty(arena)};
	bool interpolated;
	int64_t first, second;
	const struct bb_json *p =
	    part_session(&api, arena, s, 0, 17 * MINUTE, &before, &first, &interpolated);
	cr_expect_not(interpolated);
	cr_expect_eq(first, 1001 + 1634); /* 7001 * 7 / 30, to the nearest */
	cr_expect_eq(bb_json_get_int(p, "duration_s", 0), 17 * 60);
	cr_expect_eq(bb_json_get_int(p, "charging_s", 0), 17 * 60);
	cr_expect_eq(bb_json_count(bb_json_get(p, "samples")), 3);
	before = (struct part_before){2, 2, first, 17 * 60, 0, bb_json_empty(arena)};
	p = part_session(&api, arena, s, 17 * MINUTE, 60 * MINUTE, &before, &second, &interpolated);
	cr_expect(interpolated);
	cr_expect_eq(first + second, 9007);
	cr_expect_eq(bb_json_get_int(p, "charging_s", 0), 23 * 60);
	cr_expect_eq(bb_json_get_int(p, "idle_s", 0), 20 * 60);
	const struct bb_json *samples = bb_json_get(p, "samples");
	cr_expect_eq(bb_json_count(samples), 4);
	cr_expect_eq(bb_json_get_int(bb_json_at(samples, 0), "energy_wh", -1), 0);
	cr_expect_eq(bb_json_get_int(bb_json_at(samples, 1), "power_w", -1), 7000);
	cr_expect_null(bb_json_get(bb_json_at(samples, 1), "energy_wh"));
	cr_expect_eq(bb_json_get_int(bb_json_at(samples, 2), "energy_wh", -1), 8002 - first);
	cr_expect_eq(bb_json_get_int(bb_json_at(samples, 3), "energy_wh", -1), second);
	cr_expect_eq(bb_json_get_int(bb_json_get(p, "part"), "duration_s", 0), 17 * 60);
}

Test(parts, what_ends_at_the_boundary_is_not_interpolated, .init = stage_setup,
     .fini = stage_teardown)
{
	const struct reading r[] = {{17 * MINUTE, 4000, -1}};
	struct facts f = {
	    .identity = bb_json_empty(arena),
	    .session = {0, 60 * MINUTE},
	    .energy_wh = 9000,
	    .time_zone = "UTC",
	    .readings = r,
	    .reading_count = 1,
	    .idle_ms = 0,
	};
	const struct bb_json *s = facts_session(&api, arena, &f);
	struct part_before before = {2, 2, 4000, 17 * 60, 0, bb_json_empty(arena)};
	bool interpolated;
	int64_t wh;
	part_session(&api, arena, s, 17 * MINUTE, 60 * MINUTE, &before, &wh, &interpolated);
	cr_expect_not(interpolated);
	cr_expect_eq(wh, 5000);
}

/* What a tariff makes of two hours from 10:00Z, split at 11:00Z: 15 kWh in all, the last half hour
 * idle. The parts' lines, one after the other. */
static const char *split_after(int64_t first_wh, const char *name, const char *settings)
{
	int64_t start = ms_of("2026-06-03T10:00:00Z");
	const struct reading r[] = {{start + 60 * MINUTE, first_wh, -1},
				    {start + 90 * MINUTE, 15000, -1}};
	struct facts f = {
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {start, start + 120 * MINUTE},
	    .energy_wh = 15000,
	    .time_zone = "UTC",
	    .readings = r,
	    .reading_count = COUNT(r),
	    .idle_ms = 30 * MINUTE,
	};
	const struct bb_json *s = facts_session(&api, arena, &f);
	struct bb_builder none = bb_build(arena);
	struct part_before before = {1, 2, 0, 0, 0, bb_build_array(&none)};
	int64_t wh;
	bool interpolated;
	const struct bb_json *p =
	    part_session(&api, arena, s, start, start + 60 * MINUTE, &before, &wh, &interpolated);
	const char *first = price(name, p, settings);
	const struct bb_json *lines = bb_json_get(run(name, p, settings).value, "lines");
	before = (struct part_before){2, 2, wh, 3600, 0, lines};
	p = part_session(&api, arena, s, start + 60 * MINUTE, start + 120 * MINUTE, &before, &wh,
			 &interpolated);
	return arena_printf(arena, "%s | %s", first, price(name, p, settings));
}

static const char *in_two_parts(const char *name, const char *settings)
{
	return split_after(10000, name, settings);
}

Test(parts, a_fee_is_due_in_the_first_part_that_took_energy, .init = stage_setup,
     .fini = stage_teardown)
{
	const char *settings = "{\"price_per_kwh_minor\":10,\"session_fee_minor\":50}";
	cr_expect_str_eq(split_after(0, "flat", settings), "= 0 | flat 50; energy 150; = 200");
	cr_expect_str_eq(split_after(0, "time_and_idle", settings),
			 "= 0 | flat 50; energy 150; = 200");
}

Test(parts, what_is_due_once_is_due_once, .init = stage_setup, .fini = stage_teardown)
{
	cr_expect_str_eq(
	    in_two_parts("flat", "{\"price_per_kwh_minor\":10,\"session_fee_minor\":50}"),
	    "flat 50; energy 100; = 150 | energy 50; = 50");
	cr_expect_str_eq(in_two_parts("time_and_idle",
				      "{\"price_per_kwh_minor\":10,\"session_fee_minor\":50,"
				      "\"idle_per_minute_minor\":10,\"idle_grace_s\":600,"
				      "\"cap_per_day_minor\":220,\"tax_percent\":10}"),
			 "flat 50; energy 100; tax 15; = 165 | "
			 "energy 50; idle 200; cap -180; tax 7; = 77");
	cr_expect_str_eq(
	    in_two_parts("ocpi",
			 "{\"elements\":[{\"price_components\":[{\"type\":\"FLAT\",\"price\":"
			 "1},{\"type\":\"ENERGY\",\"price\":0.1}]}]}"),
	    "flat 100; energy 100; = 200 | energy 50; = 50");
}

Test(parts, what_counts_from_the_start_of_the_session_goes_on, .init = stage_setup,
     .fini = stage_teardown)
{
	cr_expect_str_eq(
	    in_two_parts("ocpi",
			 "{\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":1}],"
			 "\"restrictions\":{\"min_kwh\":12}},{\"price_components\":[{\"type\":"
			 "\"ENERGY\",\"price\":0.1}]}]}"),
	    "energy 100; = 100 | energy 20; energy 300; = 320");
	cr_expect_str_eq(in_two_parts("ocpi",
				      "{\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\","
				      "\"price\":0.1,\"step_size\":4000}]}]}"),
			 "energy 100; = 100 | energy 60; = 60");
	cr_expect_str_eq(
	    in_two_parts(
		"ocpi",
		"{\"elements\":[{\"price_components\":[{\"type\":\"TIME\",\"price\":6},{"
		"\"type\":\"PARKING_TIME\",\"price\":6}],\"restrictions\":{\"min_duration\":"
		"4500}}],\"busbar\":{\"parking_grace_s\":300}}"),
	    "= 0 | time 150; idle 250; = 400");
	cr_expect_str_eq(
	    in_two_parts("ocpi",
			 "{\"min_price\":{\"excl_vat\":3},\"elements\":[{\"price_components\":[{"
			 "\"type\":\"ENERGY\",\"price\":0.1,\"vat\":20}]}]}"),
	    "energy 100; tax 20; = 120 | energy 50; minimum 150; tax 40; = 240");
	cr_expect_str_eq(
	    in_two_parts("ocpi",
			 "{\"max_price\":{\"excl_vat\":1.2},\"elements\":[{\"price_components\":["
			 "{\"type\":\"ENERGY\",\"price\":0.1,\"vat\":20}]}]}"),
	    "energy 100; tax 20; = 120 | energy 50; cap -30; tax 4; = 24");
}

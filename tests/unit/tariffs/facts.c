#include "facts.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/clock.h"
#include "json/json.h"

#define MIN INT64_C(60000)
#define START INT64_C(1795248000000) /* 2026-11-21T08:00:00Z */

static struct bb_arena *arena;

static const char *time_format(struct bb_arena *a, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	clock_format(ms, text);
	return bb_strdup(a, text);
}

static const struct bb_api api = {.size = sizeof api, .time_format = time_format};

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena = arena_free(arena);
}

TestSuite(facts, .init = setup, .fini = teardown);

static struct facts facts_of(const struct reading *r, size_t n)
{
	return (struct facts){
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {START, START + 60 * MIN},
	    .energy_wh = 10000,
	    .meter_start_wh = 500000,
	    .time_zone = "Europe/Berlin",
	    .readings = r,
	    .reading_count = n,
	    .idle_below_w = 100,
	    .idle_ms = -1,
	};
}

static const char *session_text(const struct facts *f)
{
	return json_text(arena, facts_session(&api, arena, f), NULL);
}

Test(facts, a_session_is_told_completely)
{
	const struct reading r[] = {{START + 30 * MIN, 510000, 0}, {START + 45 * MIN, 510000, -1}};
	struct facts f = facts_of(r, 2);
	cr_expect_str_eq(
	    session_text(&f),
	    "{\"operator_id\":\"acme\",\"time_zone\":\"Europe/Berlin\","
	    "\"started_at\":\"2026-11-21T08:00:00.000Z\","
	    "\"stopped_at\":\"2026-11-21T09:00:00.000Z\","
	    "\"started_at_s\":1795248000,\"stopped_at_s\":1795251600,"
	    "\"duration_s\":3600,\"charging_s\":1800,\"idle_s\":1800,\"energy_wh\":10000,"
	    "\"periods\":[{\"from_s\":1795248000,\"to_s\":1795249800,\"state\":\"charging\"},"
	    "{\"from_s\":1795249800,\"to_s\":1795251600,\"state\":\"idle\"}],"
	    "\"samples\":[{\"at_s\":1795248000,\"energy_wh\":0},"
	    "{\"at_s\":1795249800,\"energy_wh\":10000,\"power_w\":0},"
	    "{\"at_s\":1795250700,\"energy_wh\":10000},"
	    "{\"at_s\":1795251600,\"energy_wh\":10000}],\"estimated\":false}");
}

Test(facts, samples_never_fall_nor_leave_the_session)
{
	const struct reading r[] = {{START - MIN, 499000, -1},      {START + 10 * MIN, 504000, -1},
				    {START + 20 * MIN, 503000, -1}, {START + 30 * MIN, 700000, -1},
				    {START + 40 * MIN, 400000, -1}, {START + 70 * MIN, 800000, -1}};
	const int64_t expected[] = {0, 4000, 4000, 10000, 10000, 10000};
	struct facts f = facts_of(r, 6);
	struct reading *samples;
	cr_assert_eq(facts_samples(arena, &f, &samples), 6);
	for (size_t i = 0; i < 6; i++)
		cr_expect_eq(samples[i].energy_wh, expected[i], "%zu", i);
}

Test(facts, a_reading_of_power_alone_is_kept)
{
	const struct reading r[] = {{START + 10 * MIN, -1, 11000}};
	struct facts f = facts_of(r, 1);
	struct reading *samples;
	cr_assert_eq(facts_samples(arena, &f, &samples), 3);
	cr_expect_eq(samples[1].energy_wh, -1);
	cr_expect_eq(samples[1].power_w, 11000);
}

Test(facts, too_many_samples_are_thinned_evenly_between_first_and_last)
{
	static struct reading r[20000];
	for (int i = 0; i < 20000; i++)
		r[i] = (struct reading){START + 1 + i * 100, 500000 + i / 2, -1};
	struct facts f = facts_of(r, 20000);
	struct reading *samples;
	cr_assert_eq(facts_samples(arena, &f, &samples), SAMPLES_MOST);
	cr_expect_eq(samples[0].at_ms, START);
	cr_expect_eq(samples[SAMPLES_MOST - 1].at_ms, START + 60 * MIN);
	for (size_t i = 1; i < SAMPLES_MOST; i++)
		cr_assert_gt(samples[i].at_ms, samples[i - 1].at_ms);
}

Test(facts, a_connector_that_flutters_leaves_its_sums)
{
	static struct status s[2000];
	for (int i = 0; i < 2000; i++)
		s[i] = (struct status){START + i * 1000, i % 2 ? "SuspendedEV" : "Charging"};
	struct facts f = facts_of(NULL, 0);
	f.statuses = s;
	f.status_count = 2000;
	cr_expect_not_null(strstr(session_text(&f), "\"charging_s\":1000,\"idle_s\":1601,"));
	cr_expect_not_null(strstr(session_text(&f),
				  "\"periods\":[{\"from_s\":1795248000,\"to_s\":1795249000,"
				  "\"state\":\"charging\"},{\"from_s\":1795249999,"));
}

Test(facts, idle_time_may_be_given)
{
	struct facts f = facts_of(NULL, 0);
	f.idle_ms = 10 * MIN;
	cr_expect_not_null(strstr(session_text(&f), "\"charging_s\":3000,\"idle_s\":600,"));
	f.idle_ms = 1000 * MIN;
	cr_expect_not_null(strstr(session_text(&f), "\"charging_s\":0,\"idle_s\":3600,"));
}

Test(facts, a_tariff_gets_its_currency_and_settings_as_well)
{
	const struct bb_json *v = facts_with(arena, bb_json_one(arena, "a", bb_json_make_int(1)),
					     "EUR", bb_json_empty(arena));
	cr_expect_str_eq(json_text(arena, v, NULL),
			 "{\"a\":1,\"currency\":\"EUR\",\"settings\":{}}");
}

/* The bundled tariffs and their library, run as the server runs them. */
#include "stage.h"

#include <criterion/criterion.h>

#include "json/json.h"

TestSuite(bundled, .init = stage_setup, .fini = stage_teardown);

/* A session in Berlin that takes its energy evenly. */
static const struct bb_json *session(const char *from, const char *to, int64_t energy_wh,
				     int64_t idle_s)
{
	struct facts f = {
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {ms_of(from), ms_of(to)},
	    .energy_wh = energy_wh,
	    .time_zone = "Europe/Berlin",
	    .idle_ms = idle_s * 1000,
	};
	return facts_session(&api, arena, &f);
}

static const char *error_of(const char *name, const char *settings)
{
	struct answer a =
	    run(name, session("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 1000, 0), settings);
	cr_assert_eq(a.err, -EPERM, "%s", settings);
	return bb_json_get_str(a.value, "detail", "");
}

#define HOUR session("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 12400, 0)

Test(bundled, flat_charges_for_energy)
{
	cr_expect_str_eq(price("flat", HOUR, "{\"price_per_kwh_minor\":39}"), "energy 484; = 484");
	cr_expect_str_eq(price("flat", HOUR, "{\"price_per_kwh_minor\":45.5}"),
			 "energy 564; = 564");
	cr_expect_str_eq(price("flat", HOUR, "{\"price_per_kwh_minor\":0}"), "= 0");
}

Test(bundled, flat_adds_a_fee_and_tax)
{
	cr_expect_str_eq(
	    price("flat", HOUR,
		  "{\"price_per_kwh_minor\":39,\"session_fee_minor\":100,\"tax_percent\":19}"),
	    "flat 100; energy 484; tax 111; = 695");
}

Test(bundled, flat_is_free_where_nothing_was_charged)
{
	cr_expect_str_eq(price("flat",
			       session("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 0, 0),
			       "{\"price_per_kwh_minor\":39,\"session_fee_minor\":100}"),
			 "= 0");
}

Test(bundled, settings_that_are_wrong_are_told)
{
	cr_expect_str_eq(error_of("flat", "{}"), "settings.price_per_kwh_minor is missing");
	cr_expect_str_eq(error_of("flat", "{\"price_per_kwh_minor\":\"39\"}"),
			 "settings.price_per_kwh_minor must be a number from 0 on, not 39");
	cr_expect_str_eq(error_of("flat", "{\"price_per_kwh_minor\":39,\"sesion_fee_minor\":1}"),
			 "settings.sesion_fee_minor is not known to this tariff");
	cr_expect_str_eq(error_of("time_and_idle",
				  "{\"price_per_kwh_minor\":39,\"periods\":[{\"from\":"
				  "\"22:00\",\"to\":\"6\",\"price_per_kwh_minor\":1}]}"),
			 "\"6\" is not a time of day like 22:30");
	cr_expect_str_eq(error_of("time_and_idle",
				  "{\"price_per_kwh_minor\":39,\"periods\":[{\"from\":"
				  "\"22:00\",\"to\":\"06:00\"}]}"),
			 "settings.periods[1].price_per_kwh_minor is missing");
}

#define WITH(more) "{\"price_per_kwh_minor\":39," more "}"
#define PERIOD(more)                                                                             \
	WITH("\"periods\":[{\"from\":\"22:00\",\"to\":\"06:00\",\"price_per_kwh_minor\":1," more \
	     "}]")

/* A price would be another than was meant, and nobody told. */
Test(bundled, settings_that_would_be_passed_over_are_told)
{
	cr_expect_str_eq(error_of("time_and_idle", PERIOD("\"weekday\":[6,7]")),
			 "settings.periods[1].weekday is not known to this tariff");
	cr_expect_str_eq(error_of("time_and_idle", PERIOD("\"weekdays\":[\"5\"]")),
			 "settings.periods[1].weekdays has 5, but days are 1, Monday, to 7");
	cr_expect_str_eq(error_of("time_and_idle", PERIOD("\"weekdays\":[1,8]")),
			 "settings.periods[1].weekdays has 8, but days are 1, Monday, to 7");
	cr_expect_str_eq(error_of("time_and_idle", PERIOD("\"weekdays\":5")),
			 "settings.periods[1].weekdays must be a list");
	cr_expect_str_eq(error_of("time_and_idle", WITH("\"periods\":{\"from\":\"22:00\"}")),
			 "settings.periods must be a list");
	cr_expect_str_eq(error_of("time_and_idle", WITH("\"periods\":\"night\"")),
			 "settings.periods must be a list");
	static const char *const both[] = {"flat", "time_and_idle"};
	for (size_t i = 0; i < 2; i++) {
		cr_expect_str_eq(error_of(both[i], WITH("\"tax_included\":\"false\"")),
				 "settings.tax_included must be true or false, not false");
		cr_expect_str_eq(error_of(both[i], WITH("\"tax_percent\":1900")),
				 "settings.tax_percent must be at most 100");
	}
}

#define NIGHT                                                                                     \
	"{\"price_per_kwh_minor\":50,\"periods\":[{\"from\":\"22:00\",\"to\":\"06:00\",\"name\":" \
	"\"night\","                                                                              \
	"\"price_per_kwh_minor\":30}]}"

Test(bundled, energy_is_priced_by_the_local_time_of_day)
{
	/* 21:00 to 23:00 in Berlin, summer and winter */
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-01T19:00:00Z", "2026-06-01T21:00:00Z", 20000, 0),
			       NIGHT),
			 "energy 500; energy 300; = 800");
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-12-01T20:00:00Z", "2026-12-01T22:00:00Z", 20000, 0),
			       NIGHT),
			 "energy 500; energy 300; = 800");
}

Test(bundled, a_night_that_clocks_make_shorter_or_longer_is_priced_by_them)
{
	/* 05:00 to 07:00 local, on the days of the change: half before 06:00 */
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-03-29T03:00:00Z", "2026-03-29T05:00:00Z", 20000, 0),
			       NIGHT),
			 "energy 300; energy 500; = 800");
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-10-25T04:00:00Z", "2026-10-25T06:00:00Z", 20000, 0),
			       NIGHT),
			 "energy 300; energy 500; = 800");
	/* 00:00 to 12:00 local: of 11 hours 5 are night, of 13 hours 7 */
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-03-28T23:00:00Z", "2026-03-29T10:00:00Z", 11000, 0),
			       NIGHT),
			 "energy 150; energy 300; = 450");
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-10-24T22:00:00Z", "2026-10-25T11:00:00Z", 13000, 0),
			       NIGHT),
			 "energy 210; energy 300; = 510");
}

Test(bundled, a_period_over_midnight_belongs_to_the_day_it_begins_on)
{
	const char *friday =
	    "{\"price_per_kwh_minor\":50,\"periods\":[{\"from\":\"22:00\",\"to\":\"06:00\","
	    "\"weekdays\":[5],\"price_per_kwh_minor\":30}]}";
	/* Friday 2026-06-05 23:00 to Saturday 01:00 */
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-05T21:00:00Z", "2026-06-05T23:00:00Z", 10000, 0),
			       friday),
			 "energy 300; = 300");
	/* Thursday 23:00 to Friday 01:00 */
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-04T21:00:00Z", "2026-06-04T23:00:00Z", 10000, 0),
			       friday),
			 "energy 500; = 500");
}

Test(bundled, no_watt_hour_is_lost_between_periods)
{
	const char *odd =
	    "{\"price_per_kwh_minor\":1000,\"periods\":[{\"from\":\"00:07\",\"to\":\"11:13\","
	    "\"price_per_kwh_minor\":1000},{\"from\":\"11:13\",\"to\":\"17:31\","
	    "\"price_per_kwh_minor\":1000}]}";
	struct answer a =
	    run("time_and_idle", session("2026-06-01T03:11:07Z", "2026-06-04T19:43:21Z", 123457, 0),
		odd);
	double wh = 0;
	const struct bb_json *lines = bb_json_get(a.value, "lines");
	cr_assert_eq(bb_json_count(lines), 3);
	for (uint32_t i = 0; i < 3; i++)
		wh += bb_json_real(bb_json_get(bb_json_at(lines, i), "quantity"), 0) * 1000;
	cr_expect_float_eq(wh, 123457, 0.001);
}

Test(bundled, minutes_and_idle_time_cost_after_the_grace)
{
	const char *settings = "{\"price_per_kwh_minor\":0,\"per_minute_minor\":2,"
			       "\"idle_per_minute_minor\":10,\"idle_grace_s\":600}";
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-01T10:00:00Z", "2026-06-01T11:30:00Z", 5000, 1800),
			       settings),
			 "time 120; idle 200; = 320");
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-01T10:00:00Z", "2026-06-01T11:30:00Z", 5000, 500),
			       settings),
			 "time 163; = 163");
}

Test(bundled, the_cap_counts_for_each_day_begun)
{
	const char *settings =
	    "{\"price_per_kwh_minor\":100,\"cap_per_day_minor\":1500,\"tax_percent\":10}";
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-01T10:00:00Z", "2026-06-01T14:00:00Z", 20000, 0),
			       settings),
			 "energy 2000; cap -500; tax 150; = 1650");
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-01T10:00:00Z", "2026-06-02T10:00:01Z", 20000, 0),
			       settings),
			 "energy 2000; tax 200; = 2200");
}

Test(bundled, a_session_of_no_length_has_a_price)
{
	cr_expect_str_eq(price("time_and_idle",
			       session("2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z", 1000, 0),
			       NIGHT),
			 "energy 50; = 50");
}

Test(bundled, a_session_of_weeks_with_many_samples_stays_within_the_limits)
{
	static struct reading r[10000];
	int64_t start = ms_of("2026-06-01T10:00:00Z");
	for (int i = 0; i < 10000; i++)
		r[i] = (struct reading){start + (i + 1) * 180000, i * 10, -1};
	struct facts f = {
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {start, start + 21 * INT64_C(86400000)},
	    .energy_wh = 100000,
	    .time_zone = "Europe/Berlin",
	    .readings = r,
	    .reading_count = 10000,
	    .idle_ms = 0,
	};
	struct answer a = run("time_and_idle", facts_session(&api, arena, &f), NIGHT);
	cr_expect_eq(a.err, 0, "%s", a.value ? json_text(arena, a.value, NULL) : "");
}

/* Tariff objects of OCPI, by the bundled tariff `ocpi`. */
#include "stage.h"

#include <criterion/criterion.h>

#include "json/json.h"

TestSuite(ocpi, .init = stage_setup, .fini = stage_teardown);

#define MINUTE INT64_C(60000)
#define FRIDAY "2026-06-05T14:00:00Z" /* 16:00 in Berlin */

/* A session in Berlin from `from` on, evenly `wh` in `minutes`, then idle. */
static struct facts facts_of(const char *from, int64_t minutes, int64_t wh, int64_t idle_minutes)
{
	int64_t start = ms_of(from);
	return (struct facts){
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {start, start + (minutes + idle_minutes) * MINUTE},
	    .energy_wh = wh,
	    .time_zone = "Europe/Berlin",
	    .idle_ms = idle_minutes * MINUTE,
	};
}

static const struct bb_json *with_reading(struct facts f, int64_t at_ms, int64_t wh)
{
	struct reading r = {at_ms, wh, -1};
	f.readings = &r;
	f.reading_count = 1;
	return facts_session(&api, arena, &f);
}

static const struct bb_json *session(const char *from, int64_t minutes, int64_t wh,
				     int64_t idle_minutes)
{
	struct facts f = facts_of(from, minutes, wh, idle_minutes);
	return with_reading(f, f.session.from_ms + minutes * MINUTE, wh);
}

/* {"elements": [...]} of those elements, with `more` before. */
static const char *tariff(const char *more, const char *const *elements)
{
	const char *list = *elements;
	while (*++elements)
		list = arena_printf(arena, "%s,%s", list, *elements);
	return arena_printf(arena, "{%s\"elements\":[%s]}", more, list);
}

#define TARIFF(more, ...) tariff(more, (const char *const[]){__VA_ARGS__, NULL})
#define COMPONENT(type, price, more) "{\"type\":\"" type "\",\"price\":" #price more "}"
#define BOTH(a, b) a "," b
#define ELEMENT(components, restrictions) \
	"{\"price_components\":[" components "],\"restrictions\":{" restrictions "}}"
#define OWN_ELEMENT(components, own) "{\"price_components\":[" components "],\"busbar\":{" own "}}"
#define BETWEEN(from, to) "\"start_time\":\"" from "\",\"end_time\":\"" to "\""

static const struct bb_json *line_of(const struct bb_json *s, const char *settings, uint32_t i)
{
	struct answer a = run("ocpi", s, settings);
	cr_assert_eq(a.err, 0, "%s", a.value ? json_text(arena, a.value, NULL) : "");
	return bb_json_at(bb_json_get(a.value, "lines"), i);
}

Test(ocpi, energy_costs_by_the_kwh_and_vat_is_a_line)
{
	const char *t = TARIFF("", ELEMENT(COMPONENT("ENERGY", 0.25, ",\"vat\":19.0"), ""));
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 12000, 0), t),
			 "energy 300; tax 57; = 357");
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 0, 0, 0), t), "= 0");
}

Test(ocpi, currencies_have_their_own_minor_units)
{
	static const struct {
		const char *currency, *price;
	} known[] = {{"JPY", "energy 3; = 3"},
		     {"EUR", "energy 281; = 281"},
		     {"KWD", "energy 2810; = 2810"},
		     {"CLF", "energy 28105; = 28105"}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const char *t =
		    TARIFF(arena_printf(arena, "\"currency\":\"%s\",", known[i].currency),
			   ELEMENT(COMPONENT("ENERGY", 0.2345, ""), ""));
		cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 11985, 0), t), known[i].price);
	}
}

/* 17 minutes are no round part of an hour: the quantity that is told has to be as exact as the
 * amount. */
Test(ocpi, prices_of_millions_are_exact)
{
	static const struct {
		const char *currency, *price;
		int per_hour;
	} known[] = {{"EUR", "time 142; = 142", 5},
		     {"IDR", "time 1416667; = 1416667", 50000},
		     {"LBP", "time 28333333; = 28333333", 1000000},
		     {"KWD", "time 283333333; = 283333333", 1000000}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const char *component =
		    arena_printf(arena, "{\"type\":\"TIME\",\"price\":%d}", known[i].per_hour);
		const char *t = arena_printf(
		    arena, "{\"currency\":\"%s\",\"elements\":[{\"price_components\":[%s]}]}",
		    known[i].currency, component);
		cr_expect_str_eq(price("ocpi", session(FRIDAY, 17, 0, 0), t), known[i].price);
	}
}

Test(ocpi, of_each_dimension_the_first_element_that_holds_counts)
{
	const char *t =
	    TARIFF("", ELEMENT(COMPONENT("ENERGY", 0.50, ""), BETWEEN("17:00", "20:00")),
		   ELEMENT(BOTH(COMPONENT("ENERGY", 0.10, ""), COMPONENT("TIME", 3, "")), ""));
	/* 16:00 to 18:00 local: the first hour by the second element; time is always its own */
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 120, 20000, 0), t),
			 "energy 100; energy 500; time 600; = 1200");
}

Test(ocpi, a_time_of_day_is_local_and_may_run_over_midnight)
{
	const char *t =
	    TARIFF("", ELEMENT(COMPONENT("ENERGY", 0.20, ""), BETWEEN("22:00", "06:00")),
		   ELEMENT(COMPONENT("ENERGY", 0.40, ""), ""));
	/* 21:00 to 01:00 local */
	const struct bb_json *s = session("2026-06-05T19:00:00Z", 240, 20000, 0);
	cr_expect_str_eq(price("ocpi", s, t), "energy 200; energy 300; = 500");
	cr_expect_str_eq(bb_json_get_str(line_of(s, t, 0), "note", ""),
			 "energy at 22:00 interpolated");
	cr_expect_str_eq(bb_json_get_str(line_of(s, t, 1), "description", ""),
			 "Energy, 22:00 to 06:00");
	/* A reading at 22:00 needs none. */
	s = with_reading(facts_of("2026-06-05T19:00:00Z", 240, 20000, 0),
			 ms_of("2026-06-05T20:00:00Z"), 8000);
	cr_expect_str_eq(price("ocpi", s, t), "energy 320; energy 240; = 560");
	cr_expect_null(bb_json_get(line_of(s, t, 0), "note"));
}

Test(ocpi, days_and_dates_are_those_of_the_moment)
{
	const char *weekend = TARIFF(
	    "", ELEMENT(COMPONENT("ENERGY", 0.20, ""), "\"day_of_week\":[\"SATURDAY\",\"SUNDAY\"]"),
	    ELEMENT(COMPONENT("ENERGY", 0.40, ""), ""));
	/* Friday 23:00 to Saturday 01:00 */
	const struct bb_json *s = session("2026-06-05T21:00:00Z", 120, 20000, 0);
	cr_expect_str_eq(price("ocpi", s, weekend), "energy 400; energy 200; = 600");
	const char *from_saturday =
	    TARIFF("",
		   ELEMENT(COMPONENT("ENERGY", 0.20, ""),
			   "\"start_date\":\"2026-06-06\",\"end_date\":\"2026-06-07\""),
		   ELEMENT(COMPONENT("ENERGY", 0.40, ""), ""));
	cr_expect_str_eq(price("ocpi", s, from_saturday), "energy 400; energy 200; = 600");
	cr_expect_str_eq(
	    price("ocpi", session("2026-06-06T21:00:00Z", 120, 20000, 0), from_saturday),
	    "energy 200; energy 400; = 600");
}

Test(ocpi, holidays_are_days_of_their_own)
{
	const char *t = TARIFF("\"busbar\":{\"holidays\":[\"2026-06-06\"]},",
			       OWN_ELEMENT(COMPONENT("ENERGY", 0.20, ""), "\"holidays\":\"only\""),
			       ELEMENT(COMPONENT("ENERGY", 0.40, ""), ""));
	cr_expect_str_eq(price("ocpi", session("2026-06-05T21:00:00Z", 120, 20000, 0), t),
			 "energy 400; energy 200; = 600");
}

Test(ocpi, prices_by_energy_change_at_their_kwh)
{
	const char *t =
	    TARIFF("", ELEMENT(COMPONENT("ENERGY", 0.50, ""), "\"max_kwh\":5"),
		   ELEMENT(BOTH(COMPONENT("ENERGY", 0.30, ""), COMPONENT("TIME", 6, "")),
			   "\"min_kwh\":5"));
	const struct bb_json *s = session(FRIDAY, 120, 20000, 0);
	cr_expect_str_eq(price("ocpi", s, t), "energy 250; energy 450; time 900; = 1600");
	cr_expect_null(bb_json_get(line_of(s, t, 0), "note"));
	cr_expect_str_eq(bb_json_get_str(line_of(s, t, 2), "note", ""),
			 "energy at 5 kWh (16:30) interpolated");
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 120, 5000, 0), t), "energy 250; = 250");
}

Test(ocpi, prices_by_duration_change_at_their_second)
{
	const char *t = TARIFF("", ELEMENT(COMPONENT("ENERGY", 0, ""), "\"max_duration\":1800"),
			       ELEMENT(COMPONENT("ENERGY", 0.25, ""), "\"max_duration\":3600"),
			       ELEMENT(COMPONENT("ENERGY", 0.40, ""), ""));
	struct facts f = facts_of(FRIDAY, 40, 6200, 0);
	const struct bb_json *s = with_reading(f, f.session.from_ms + 30 * MINUTE, 5000);
	cr_expect_str_eq(price("ocpi", s, t), "energy 0; energy 30; = 30");
}

Test(ocpi, prices_by_power_follow_the_meter)
{
	const char *t = TARIFF("", ELEMENT(COMPONENT("ENERGY", 0.20, ""), "\"max_power\":16"),
			       ELEMENT(COMPONENT("ENERGY", 0.35, ""), "\"max_power\":32"),
			       ELEMENT(COMPONENT("ENERGY", 0.50, ""), ""));
	/* 1 kWh at 6 kW, 40 kWh at 48 kW, 0.5 kWh at 4 kW */
	struct facts f = facts_of(FRIDAY, 0, 41500, 0);
	int64_t at = f.session.from_ms;
	struct reading r[] = {{at + 10 * MINUTE, 1000, -1}, {at + 60 * MINUTE, 41000, -1}};
	f.session.to_ms = at + 60 * MINUTE + 450000;
	f.readings = r;
	f.reading_count = 2;
	cr_expect_str_eq(price("ocpi", facts_session(&api, arena, &f), t),
			 "energy 30; energy 2000; = 2030");
}

#define TIME_STEPS(price, step, until)                                    \
	ELEMENT(BOTH(COMPONENT("TIME", price, ",\"step_size\":" step),    \
		     COMPONENT("PARKING_TIME", 1, ",\"step_size\":900")), \
		"\"end_time\":\"" until "\"")
#define STEPS                                                                \
	TIME_STEPS(1.20, "1800", "17:00"), TIME_STEPS(2.40, "900", "20:00"), \
	    ELEMENT(COMPONENT("TIME", 2.40, ",\"step_size\":900"), "")

Test(ocpi, steps_round_the_whole_up_at_the_last_price)
{
	/* 16:35 to 17:10: 25 minutes, and 10 that become 20 */
	cr_expect_str_eq(
	    price("ocpi", session("2026-06-05T14:35:00Z", 35, 1000, 0), TARIFF("", STEPS)),
	    "time 50; time 80; = 130");
	/* 19:55 to 20:05, then two minutes of free parking: 10 become 15 */
	cr_expect_str_eq(
	    price("ocpi", session("2026-06-05T17:55:00Z", 10, 1000, 2), TARIFF("", STEPS)),
	    "time 20; time 40; = 60");
	const char *wh = TARIFF(
	    "", ELEMENT(COMPONENT("ENERGY", 0.20, ",\"step_size\":500"), "\"end_time\":\"17:00\""),
	    ELEMENT(COMPONENT("ENERGY", 0.27, ",\"step_size\":500"), ""));
	struct facts f = facts_of(FRIDAY, 120, 5400, 0);
	const struct bb_json *s = with_reading(f, f.session.from_ms + 60 * MINUTE, 4300);
	cr_expect_str_eq(price("ocpi", s, wh), "energy 86; energy 32; = 118");
	cr_expect_str_eq(bb_json_get_str(line_of(s, wh, 1), "note", ""),
			 "rounded up to steps of 500 Wh");
}

Test(ocpi, charging_time_is_exact_where_parking_time_is_rounded)
{
	const char *t = TARIFF("", ELEMENT(BOTH(COMPONENT("TIME", 1, ",\"step_size\":600"),
						COMPONENT("PARKING_TIME", 2, ",\"step_size\":600")),
					   ""));
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 21, 1000, 16), t),
			 "time 35; idle 67; = 102");
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 21, 1000, 0), t), "time 50; = 50");
}

Test(ocpi, parking_may_be_free_for_a_while)
{
	const char *t = TARIFF("\"busbar\":{\"parking_grace_s\":900},",
			       ELEMENT(COMPONENT("PARKING_TIME", 6, ""), ""));
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 1000, 45), t), "idle 300; = 300");
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 1000, 15), t), "= 0");
}

Test(ocpi, a_flat_fee_is_charged_once_when_its_element_holds)
{
	const char *t = TARIFF("", ELEMENT(COMPONENT("FLAT", 10, ""), "\"min_duration\":7200"),
			       ELEMENT(COMPONENT("ENERGY", 0.1, ""), ""));
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 10000, 0), t), "energy 100; = 100");
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 240, 10000, 0), t),
			 "flat 1000; energy 100; = 1100");
	cr_expect_null(bb_json_get(line_of(session(FRIDAY, 240, 10000, 0), t, 0), "note"));
}

Test(ocpi, the_least_and_the_most_hold_before_and_with_vat)
{
	const char *elements = ELEMENT(COMPONENT("ENERGY", 0.5, ",\"vat\":20"), "");
	const struct bb_json *little = session(FRIDAY, 60, 2000, 0),
			     *much = session(FRIDAY, 60, 90000, 0);
	const char *t =
	    TARIFF("\"min_price\":{\"excl_vat\":2},\"max_price\":{\"excl_vat\":30},", elements);
	cr_expect_str_eq(price("ocpi", little, t), "energy 100; minimum 100; tax 40; = 240");
	cr_expect_str_eq(price("ocpi", much, t), "energy 4500; cap -1500; tax 600; = 3600");
	t = TARIFF("\"min_price\":{\"excl_vat\":0.5,\"incl_vat\":1.5},\"max_price\":{\"excl_vat\":"
		   "99,\"incl_vat\":40},",
		   elements);
	cr_expect_str_eq(price("ocpi", little, t), "energy 100; minimum 25; tax 25; = 150");
	cr_expect_str_eq(price("ocpi", much, t), "energy 4500; cap -1167; tax 667; = 4000");
}

/* The tax is that of what is paid, not of what would have been paid without a limit. */
Test(ocpi, the_most_with_vat_is_divided_among_the_rates)
{
	const char *elements =
	    ELEMENT(BOTH(COMPONENT("FLAT", 10, ",\"vat\":20"),
			 BOTH(COMPONENT("ENERGY", 0.5, ",\"vat\":5"), COMPONENT("TIME", 6, ""))),
		    "");
	const struct bb_json *s = session(FRIDAY, 60, 20000, 0);
	const char *t = TARIFF("\"max_price\":{\"excl_vat\":99,\"incl_vat\":14.25},", elements);
	cr_expect_str_eq(price("ocpi", s, t),
			 "flat 1000; energy 1000; time 600; cap -1300; tax 100; tax 25; = 1425");
	t = TARIFF("\"max_price\":{\"excl_vat\":99,\"incl_vat\":13},\"busbar\":{\"prices_include_"
		   "vat\":true},",
		   elements);
	cr_expect_str_eq(price("ocpi", s, t),
			 "flat 1000; energy 1000; time 600; cap -500; cap -500; cap -300; = 1300");
	cr_expect_eq(bb_json_real(bb_json_get(line_of(s, t, 3), "included_tax_percent"), 0), 20);
	cr_expect_eq(bb_json_real(bb_json_get(line_of(s, t, 4), "included_tax_percent"), 0), 5);
	cr_expect_null(bb_json_get(line_of(s, t, 5), "included_tax_percent"));
}

Test(ocpi, vat_may_be_in_the_prices)
{
	const char *t =
	    TARIFF("\"busbar\":{\"prices_include_vat\":true},\"max_price\":{\"excl_vat\":1,"
		   "\"incl_vat\":5},",
		   ELEMENT(COMPONENT("ENERGY", 0.5, ",\"vat\":20"), ""));
	const struct bb_json *s = session(FRIDAY, 60, 20000, 0);
	cr_expect_str_eq(price("ocpi", s, t), "energy 1000; cap -500; = 500");
	cr_expect_eq(bb_json_real(bb_json_get(line_of(s, t, 0), "included_tax_percent"), 0), 20);
	cr_expect_eq(bb_json_real(bb_json_get(line_of(s, t, 1), "included_tax_percent"), 0), 20);
}

Test(ocpi, rates_of_vat_are_taxed_apart)
{
	const char *t = TARIFF("", ELEMENT(BOTH(COMPONENT("FLAT", 1, ",\"vat\":20"),
						BOTH(COMPONENT("ENERGY", 0.5, ",\"vat\":5"),
						     COMPONENT("TIME", 6, ""))),
					   ""));
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 20000, 0), t),
			 "flat 100; energy 1000; time 600; tax 20; tax 50; = 1770");
}

static const char *for_whom(const char *own)
{
	const char *element =
	    arena_printf(arena, OWN_ELEMENT(COMPONENT("ENERGY", 0.1, ""), "%s"), own);
	return TARIFF("", element, ELEMENT(COMPONENT("ENERGY", 0.5, ""), ""));
}

Test(ocpi, an_element_may_be_for_some_connectors_and_token_groups)
{
	struct bb_builder c = bb_build(arena), b = bb_build(arena);
	bb_put_str(&c, "type", "IEC_62196_T2_COMBO");
	bb_put_int(&c, "max_power_w", 150000);
	bb_put_int(&b, "connector_id", 2);
	bb_put_str(&b, "parent_id_tag", "FLEET");
	bb_put_json(&b, "connector", bb_build_object(&c));
	struct facts f = facts_of(FRIDAY, 60, 10000, 0);
	f.identity = bb_build_object(&b);
	const struct bb_json *s = facts_session(&api, arena, &f);
	static const struct {
		const char *own;
		bool holds;
	} known[] = {{"\"connector_ids\":[1,2]", true},
		     {"\"connector_ids\":[1]", false},
		     {"\"connector_types\":[\"IEC_62196_T2_COMBO\"]", true},
		     {"\"connector_types\":[\"CHADEMO\"]", false},
		     {"\"min_connector_power_w\":150000", true},
		     {"\"max_connector_power_w\":150000", false},
		     {"\"token_groups\":[\"STAFF\",\"FLEET\"]", true},
		     {"\"token_groups\":[\"Fleet\"]", true},
		     {"\"token_groups\":[\"STAFF\"]", false}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		cr_expect_str_eq(price("ocpi", s, for_whom(known[i].own)),
				 known[i].holds ? "energy 100; = 100" : "energy 500; = 500", "%s",
				 known[i].own);
	/* What is not known is none of them. */
	cr_expect_str_eq(price("ocpi", session(FRIDAY, 60, 10000, 0),
			       for_whom("\"max_connector_power_w\":50000")),
			 "energy 500; = 500");
}

Test(ocpi, an_element_for_reservations_prices_no_session)
{
	cr_expect_str_eq(
	    price("ocpi", session(FRIDAY, 60, 10000, 0),
		  TARIFF("", ELEMENT(COMPONENT("TIME", 5, ""), "\"reservation\":\"RESERVATION\""))),
	    "= 0");
}

Test(ocpi, a_clock_that_is_changed_cuts_where_it_shows_a_time_twice)
{
	const char *t = TARIFF("", ELEMENT(COMPONENT("ENERGY", 1, ""), BETWEEN("02:00", "02:30")),
			       ELEMENT(COMPONENT("ENERGY", 0, ""), ""));
	/* The night of 2026-10-25: 02:00 to 02:30 comes at 00:00Z and again at 01:00Z. */
	cr_expect_str_eq(price("ocpi", session("2026-10-24T22:00:00Z", 300, 5000, 0), t),
			 "energy 0; energy 100; = 100");
	/* The night of 2026-03-29 has no such time. */
	cr_expect_str_eq(price("ocpi", session("2026-03-28T22:00:00Z", 300, 5000, 0), t),
			 "energy 0; = 0");
	/* One that begins in the hour that is not shown holds when the clocks are put forward. */
	t = TARIFF("", ELEMENT(COMPONENT("ENERGY", 1, ""), BETWEEN("02:30", "03:30")),
		   ELEMENT(COMPONENT("ENERGY", 0, ""), ""));
	cr_expect_str_eq(price("ocpi", session("2026-03-28T22:00:00Z", 300, 5000, 0), t),
			 "energy 0; energy 50; = 50");
}

/* What holds of every session: thousands of them, made up from a seed that is printed. */
#include "stage.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <math.h>

#include "base/zone.h"
#include "bill.h"
#include "parts.h"
#include "json/json.h"

TestSuite(properties, .init = stage_setup, .fini = stage_teardown);

#define SEED UINT64_C(20261126)
#define SAMPLES 40
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static uint64_t state;

static void seed(void)
{
	state = SEED;
	cr_log_info("seed %llu", (unsigned long long)state);
}

/* From 0 to n - 1. */
static int64_t below(int64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (int64_t)((state >> 11) % (uint64_t)n);
}

static const char *pick(const char *const *of, size_t count)
{
	return of[below((int64_t)count)];
}

/* Days of 23 and of 25 hours, and of 23.5 and 24.5 on Lord Howe; clocks are changed at midnight in
 * Beirut, Cairo, Havana and Santiago. */
static const char *const zones[] = {"Europe/Berlin",
				    "America/New_York",
				    "Australia/Lord_Howe",
				    "America/Santiago",
				    "Asia/Beirut",
				    "Africa/Cairo",
				    "America/Havana",
				    "Atlantic/Azores",
				    "Asia/Kolkata",
				    "America/St_Johns",
				    "UTC"};
static const char *const dates[] = {
    "2026-03-07T20:00:00Z", "2026-03-28T18:00:00Z", "2026-04-04T10:00:00Z", "2026-04-23T18:00:00Z",
    "2026-09-05T22:00:00Z", "2026-10-03T10:00:00Z", "2026-10-24T20:00:00Z", "2026-10-29T18:00:00Z",
    "2026-10-31T20:00:00Z", "2026-12-31T20:00:00Z"};

struct made {
	struct facts facts;
	struct reading readings[SAMPLES];
};

static void make_session(struct made *m, int64_t longest)
{
	int64_t from = ms_of(pick(dates, sizeof dates / sizeof *dates)) + below(12 * HOUR);
	int64_t length = below(longest), wh = 0;
	size_t n = (size_t)below(SAMPLES);
	for (size_t i = 0; i < n; i++) {
		wh += below(4) ? below(3000) : 0;
		m->readings[i] =
		    (struct reading){from + length * (int64_t)(i + 1) / (int64_t)(n + 1), wh, -1};
	}
	m->facts = (struct facts){
	    .identity = bb_json_one(arena, "operator_id", bb_json_make_str("acme")),
	    .session = {from, from + length},
	    .energy_wh = wh + below(3000),
	    .time_zone = pick(zones, sizeof zones / sizeof *zones),
	    .readings = m->readings,
	    .reading_count = n,
	    .idle_ms = below(3) ? 0 : below(length + 1),
	};
}

static const struct bb_json *session_of(const struct made *m)
{
	return facts_session(&api, arena, &m->facts);
}

static const char *clock_text(void)
{
	return arena_printf(arena, "%02d:%02d", (int)below(24), (int)(below(4) * 15));
}

/* An element for some hours, perhaps some days; not by energy. */
static const char *hours_element(int price_cents, int vat, const char *more)
{
	static const char *const days[] = {"", "", ",\"day_of_week\":[\"SATURDAY\",\"SUNDAY\"]",
					   ",\"day_of_week\":[\"MONDAY\",\"FRIDAY\"]",
					   ",\"start_date\":\"2026-10-25\""};
	const char *start = clock_text();
	return arena_printf(arena,
			    "{\"price_components\":[{\"type\":\"ENERGY\",\"price\":%d.%02d,"
			    "\"vat\":%d}],\"restrictions\":{\"start_time\":\"%s\",\"end_time\":"
			    "\"%s\"%s%s}},",
			    price_cents / 100, price_cents % 100, vat, start, clock_text(),
			    pick(days, sizeof days / sizeof *days), more);
}

/* A tariff whose prices depend on the time, and never fall by more energy. With a cap it has one
 * rate of VAT: of several, more energy may shift what is below the cap to a lower one. */
static const char *monotone_tariff(void)
{
	bool most = below(2), least = below(2);
	const char *elements = "";
	for (int64_t i = below(4); i > 0; i--)
		elements = arena_printf(
		    arena, "%s%s", elements,
		    hours_element((int)below(3) * 47, most || least ? 7 : (int)below(2) * 19, ""));
	return arena_printf(
	    arena,
	    "{%s%s\"elements\":[%s{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.%02d,"
	    "\"vat\":7},{\"type\":\"TIME\",\"price\":%d,\"vat\":7},{\"type\":\"PARKING_TIME\","
	    "\"price\":6,\"vat\":7,"
	    "\"step_size\":300},{\"type\":\"FLAT\",\"price\":0.35,\"vat\":7}]}]}",
	    least ? "\"min_price\":{\"excl_vat\":2.5}," : "",
	    most ? "\"max_price\":{\"excl_vat\":9,\"incl_vat\":10}," : "", elements, (int)below(90),
	    (int)below(5));
}

/* Whatever restrictions there are. */
static const char *any_tariff(void)
{
	static const char *const more[] = {"",
					   ",\"min_kwh\":3.3",
					   ",\"max_kwh\":12",
					   ",\"min_duration\":1234",
					   ",\"max_duration\":7200",
					   ",\"max_power\":11",
					   ",\"min_power\":4"};
	const char *elements = "";
	for (int64_t i = below(6); i > 0; i--)
		elements = arena_printf(arena, "%s%s", elements,
					hours_element((int)below(90), (int)below(2) * 19,
						      pick(more, sizeof more / sizeof *more)));
	return arena_printf(arena,
			    "{\"busbar\":{\"prices_include_vat\":%s},\"elements\":[%s{\"price_"
			    "components\":[{\"type\":\"ENERGY\",\"price\":0.4}]}]}",
			    below(2) ? "true" : "false", elements);
}

static const struct bb_json *bill_of(const char *tariff, const char *settings,
				     const struct bb_json *session)
{
	struct answer a = run(tariff, session, settings);
	cr_assert_eq(a.err, 0, "%s\n%s\n%s", settings, json_text(arena, session, NULL),
		     a.value ? json_text(arena, a.value, NULL) : "");
	const char *fault = bill_fault(arena, a.value);
	cr_assert_null(fault, "%s\n%s\n%s", fault, settings, json_text(arena, a.value, NULL));
	return a.value;
}

static double energy_of(const struct bb_json *bill)
{
	double kwh = 0;
	const struct bb_json *lines = bb_json_get(bill, "lines");
	for (uint32_t i = 0; i < bb_json_count(lines); i++) {
		const struct bb_json *line = bb_json_at(lines, i);
		if (!strcmp(bb_json_get_str(line, "kind", ""), "energy"))
			kwh += bb_json_real(bb_json_get(line, "quantity"), 0);
	}
	return kwh * 1000;
}

static void fresh_arena(void)
{
	arena_reset(arena);
}

Test(properties, lines_add_up_and_have_all_of_the_energy)
{
	struct made m;
	seed();
	for (int i = 0; i < 3000; i++) {
		make_session(&m, 40 * HOUR);
		const char *settings = any_tariff();
		const struct bb_json *bill = bill_of("ocpi", settings, session_of(&m));
		cr_assert(fabs(energy_of(bill) - (double)m.facts.energy_wh) < 0.02,
			  "%d: %g, %lld\n%s", i, energy_of(bill), (long long)m.facts.energy_wh,
			  settings);
		fresh_arena();
	}
}

Test(properties, the_same_session_has_the_same_lines)
{
	struct made m;
	seed();
	for (int i = 0; i < 300; i++) {
		make_session(&m, 40 * HOUR);
		const char *settings = any_tariff();
		const struct bb_json *s = session_of(&m);
		const char *first = json_text(arena, bill_of("ocpi", settings, s), NULL);
		cr_assert_str_eq(first, json_text(arena, bill_of("ocpi", settings, s), NULL));
		fresh_arena();
	}
}

Test(properties, more_energy_never_costs_less)
{
	struct made m;
	seed();
	for (int i = 0; i < 3000; i++) {
		make_session(&m, 30 * HOUR);
		const char *settings = monotone_tariff();
		const struct bb_json *less = bill_of("ocpi", settings, session_of(&m));
		int64_t more_wh = 0;
		for (size_t k = 0; k < m.facts.reading_count; k++)
			m.readings[k].energy_wh += more_wh += below(3) ? 0 : below(30);
		m.facts.energy_wh += more_wh + below(2);
		const struct bb_json *more = bill_of("ocpi", settings, session_of(&m));
		int64_t before = bb_json_get_int(less, "total_minor", -1);
		int64_t after = bb_json_get_int(more, "total_minor", -1);
		cr_assert_geq(after, before, "%d: %lld, then %lld\n%s\n%s\n%s", i,
			      (long long)before, (long long)after, settings,
			      json_text(arena, less, NULL), json_text(arena, more, NULL));
		fresh_arena();
	}
}

/* In two parts at any second: the same energy, the same times. */
Test(properties, splitting_changes_neither_energy_nor_time)
{
	struct made m;
	seed();
	for (int i = 0; i < 3000; i++) {
		make_session(&m, 30 * HOUR);
		const struct bb_json *s = session_of(&m), *lines = bb_json_empty(arena);
		const struct period p = m.facts.session;
		int64_t cut = p.from_ms + below(p.to_ms - p.from_ms + 1), first, second;
		bool interpolated;
		cut -= cut % 1000;
		if (cut <= p.from_ms)
			continue;
		struct part_before before = {1, 2, 0, 0, 0, lines};
		const struct bb_json *a =
		    part_session(&api, arena, s, p.from_ms, cut, &before, &first, &interpolated);
		before = (struct part_before){2, 2,    first, bb_json_get_int(a, "duration_s", 0),
					      0, lines};
		const struct bb_json *b =
		    part_session(&api, arena, s, cut, p.to_ms, &before, &second, &interpolated);
		cr_assert_eq(first + second, m.facts.energy_wh);
		cr_assert(first >= 0 && second >= 0);
		static const char *const times[] = {"charging_s", "idle_s", "duration_s"};
		for (size_t k = 0; k < 3; k++) {
			int64_t sum =
			    bb_json_get_int(a, times[k], 0) + bb_json_get_int(b, times[k], 0);
			int64_t whole = bb_json_get_int(s, times[k], 0);
			cr_assert(llabs(sum - whole) <= 1, "%s: %lld of %lld", times[k],
				  (long long)sum, (long long)whole);
		}
		double kwh = energy_of(bill_of("ocpi", any_tariff(), a)) +
			     energy_of(bill_of("ocpi", any_tariff(), b));
		cr_assert(fabs(kwh - (double)m.facts.energy_wh) < 0.04);
		fresh_arena();
	}
}

/* Does a clock between 00:00 and 23:59 show a time from `from` until `to`? */
static bool shows(const struct zone *z, int64_t at_ms, int from, int to)
{
	struct zone_time t;
	zone_local(z, at_ms / 1000, &t);
	int minute = t.hour * 60 + t.minute;
	if (from < to)
		return minute >= from && minute < to;
	return minute >= from || minute < to;
}

/* The energy of each minute, looked up one by one; it takes 60 Wh in each. */
static int64_t wh_in_hours(const char *zone, struct period p, int from, int to)
{
	struct zones *all = zones_new(NULL);
	const struct zone *z = zones_find(all, zone);
	int64_t wh = 0;
	cr_assert_not_null(z, "%s", zone);
	for (int64_t at = p.from_ms; at < p.to_ms; at += MINUTE)
		wh += shows(z, at, from, to) ? 60 : 0;
	zones_free(all);
	return wh;
}

Test(properties, days_of_23_and_25_hours_are_priced_by_the_minute)
{
	struct made m;
	seed();
	for (int i = 0; i < 2000; i++) {
		make_session(&m, 60 * HOUR);
		struct period *p = &m.facts.session;
		p->from_ms -= p->from_ms % MINUTE;
		p->to_ms = p->from_ms + (1 + below(50 * 60)) * MINUTE;
		m.facts.reading_count = 0;
		m.facts.energy_wh = (p->to_ms - p->from_ms) / MINUTE * 60;
		m.facts.idle_ms = 0;
		int from = (int)below(96) * 15, to = (int)((from / 15 + 1 + below(95)) % 96) * 15;
		const char *hours = arena_printf(
		    arena,
		    "{\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\","
		    "\"price\":10}],\"restrictions\":{\"start_time\":\"%02d:%02d\",\"end_"
		    "time\":\"%02d:%02d\"}}]}",
		    from / 60, from % 60, to / 60, to % 60);
		const struct bb_json *ocpi = bill_of("ocpi", hours, session_of(&m));
		int64_t expected = wh_in_hours(m.facts.time_zone, *p, from, to);
		cr_assert(fabs(energy_of(ocpi) - (double)expected) < 1.01, "%d: %s %s: %g, %lld", i,
			  m.facts.time_zone, hours, energy_of(ocpi), (long long)expected);
		const char *periods =
		    arena_printf(arena,
				 "{\"price_per_kwh_minor\":0,\"periods\":[{\"from\":\"%02d:%02d\","
				 "\"to\":\"%02d:%02d\",\"price_per_kwh_minor\":1000}]}",
				 from / 60, from % 60, to / 60, to % 60);
		const struct bb_json *own = bill_of("time_and_idle", periods, session_of(&m));
		cr_assert(fabs(energy_of(own) - (double)expected) < 0.01, "%d: %s %s: %g, %lld", i,
			  m.facts.time_zone, periods, energy_of(own), (long long)expected);
		fresh_arena();
	}
}

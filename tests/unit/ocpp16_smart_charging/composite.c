/* Worked examples: what several profiles come to, written as "start:limit/phases ...". */
#include "composite.h"

#include <criterion/criterion.h>

#include "fixture.h"

#define NOON "2026-11-25T12:00:00Z"
#define HOUR 3600
#define DAY 86400

static struct profile installed[16];
static uint32_t count;
static struct situation s;

static void setup(void)
{
	fixture_setup();
	count = 0;
	s = (struct situation){
	    .from_ms = fixture_ms(NOON),
	    .duration_s = DAY,
	    .connector_id = 1,
	    .voltage_v = 230,
	    .phases = 3,
	};
}

TestSuite(composite, .init = setup, .fini = fixture_teardown);

/* `more`: members of the profile; `schedule`: of its chargingSchedule. */
static struct profile *install(int64_t connector, const char *purpose, int level, const char *more,
			       const char *schedule)
{
	const struct bb_json *v =
	    fixture_json("{'chargingProfileId':%u,'stackLevel':%d,'chargingProfilePurpose':'%s',%s,"
			 "'chargingSchedule':{'chargingRateUnit':'A',%s}}",
			 count + 1, level, purpose, more, schedule);
	struct profile *p = &installed[count++];
	*p = profile_read(&fixture_api, fixture_arena(), v);
	p->connector_id = connector;
	p->installed_ms = s.from_ms - HOUR * 1000;
	return p;
}

#define ABSOLUTE "'chargingProfileKind':'Absolute'"
#define RELATIVE "'chargingProfileKind':'Relative'"
#define DAILY "'chargingProfileKind':'Recurring','recurrencyKind':'Daily'"
#define WEEKLY "'chargingProfileKind':'Recurring','recurrencyKind':'Weekly'"
#define AT(time) "'startSchedule':'" time "',"
#define PERIODS(list) "'chargingSchedulePeriod':[" list "]"
#define P(start, limit) "{'startPeriod':" #start ",'limit':" #limit "}"
#define P3(start, limit, phases) \
	"{'startPeriod':" #start ",'limit':" #limit ",'numberPhases':" #phases "}"

static const char *written(const struct composite *c)
{
	const char *out = "";
	for (uint32_t i = 0; i < c->count; i++) {
		const struct step *step = &c->steps[i];
		out = bb_printf(fixture_arena(), "%s%s%lld:", out, i ? " " : "",
				(long long)step->start_s);
		out = step->limited ? bb_printf(fixture_arena(), "%s%.1f", out,
						(double)step->limit_tenths / 10)
				    : bb_printf(fixture_arena(), "%s-", out);
		if (step->phases)
			out = bb_printf(fixture_arena(), "%s/%lld", out, (long long)step->phases);
	}
	return out;
}

static const char *result(void)
{
	struct composite c = composite_compute(fixture_arena(), installed, count, &s);
	return written(&c);
}

#define expect(text) cr_expect_str_eq(result(), text, "%s", result())

Test(composite, without_profiles_nothing_is_limited)
{
	expect("0:-");
}

Test(composite, an_absolute_schedule_counts_from_its_start)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE,
		AT("2026-11-25T10:00:00Z") PERIODS(P(0, 6) "," P(10800, 16.5) "," P(14400, 8.1)));
	expect("0:6.0 3600:16.5 7200:8.1");
}

Test(composite, before_its_start_and_after_its_duration_a_schedule_says_nothing)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE,
		AT("2026-11-25T13:00:00Z") "'duration':600," PERIODS(P(0, 6)));
	expect("0:- 3600:6.0 4200:-");
}

Test(composite, validity_bounds_a_schedule)
{
	install(1, "TxDefaultProfile", 0,
		ABSOLUTE ",'validFrom':'2026-11-25T12:10:00Z','validTo':'2026-11-25T12:20:00Z'",
		AT("2026-11-25T00:00:00Z") PERIODS(P(0, 6) "," P(43980, 7)));
	expect("0:- 600:6.0 780:7.0 1200:-");
}

Test(composite, the_highest_stack_level_leads_and_its_gaps_are_filled_by_lower_ones)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE, AT("2026-11-25T00:00:00Z") PERIODS(P(0, 32)));
	install(1, "TxDefaultProfile", 5, ABSOLUTE,
		AT("2026-11-25T12:30:00Z") "'duration':1800," PERIODS(P(0, 20)));
	install(1, "TxDefaultProfile", 2, ABSOLUTE,
		AT("2026-11-25T12:15:00Z") "'duration':5400," PERIODS(P(0, 10)));
	expect("0:32.0 900:10.0 1800:20.0 3600:10.0 6300:32.0");
}

Test(composite, a_daily_schedule_repeats_with_gaps_between)
{
	/* Nights from 22:00 to 06:00, first in August: days are of 24 hours, whatever clocks show.
	 */
	install(1, "TxDefaultProfile", 0, DAILY,
		AT("2026-08-01T22:00:00Z") "'duration':28800," PERIODS(P(0, 32) "," P(25200, 16)));
	s.duration_s = 2 * DAY;
	expect("0:- 36000:32.0 61200:16.0 64800:- 122400:32.0 147600:16.0 151200:-");
}

Test(composite, a_daily_schedule_without_duration_lasts_until_it_restarts)
{
	install(1, "TxDefaultProfile", 0, DAILY,
		AT("2026-11-20T07:00:00+01:00") PERIODS(P(0, 16) "," P(57600, 32)));
	expect("0:16.0 36000:32.0 64800:16.0");
}

Test(composite, a_weekly_schedule_repeats_every_seven_days)
{
	/* 2026-11-25 is a Wednesday; Saturdays from midnight, first on the 7th. */
	install(1, "TxDefaultProfile", 0, WEEKLY,
		AT("2026-11-07T00:00:00Z") "'duration':86400," PERIODS(P(0, 32)));
	s.duration_s = 7 * DAY;
	expect("0:- 216000:32.0 302400:-");
}

Test(composite, a_recurring_schedule_does_not_begin_before_its_first_start)
{
	install(1, "TxDefaultProfile", 0, DAILY,
		AT("2026-11-26T06:00:00Z") "'duration':3600," PERIODS(P(0, 32)));
	s.duration_s = 2 * DAY;
	expect("0:- 64800:32.0 68400:- 151200:32.0 154800:-");
}

Test(composite, a_relative_schedule_counts_from_the_start_of_the_transaction)
{
	install(1, "TxDefaultProfile", 0, RELATIVE, PERIODS(P(0, 32) "," P(3600, 16)));
	s.transaction_id = 7;
	s.transaction_started_ms = fixture_ms("2026-11-25T11:40:00Z");
	expect("0:32.0 2400:16.0");
	s.transaction_id = 0;
	expect("0:32.0 3600:16.0"); /* one that would begin now */
}

Test(composite, a_relative_maximum_counts_from_when_it_was_accepted)
{
	install(0, "ChargePointMaxProfile", 0, RELATIVE, PERIODS(P(0, 63) "," P(5400, 50)));
	expect("0:63.0 1800:50.0");
}

Test(composite, the_profile_of_the_transaction_overrides_the_default_where_it_has_a_limit)
{
	install(1, "TxDefaultProfile", 9, ABSOLUTE, AT(NOON) PERIODS(P(0, 10)));
	install(1, "TxProfile", 0, ABSOLUTE, AT(NOON) "'duration':600," PERIODS(P(0, 20)))
	    ->transaction_id = 7;
	expect("0:10.0"); /* no transaction */
	s.transaction_id = 8;
	expect("0:10.0"); /* another one */
	s.transaction_id = 7;
	expect("0:20.0 600:10.0");
}

Test(composite, a_profile_whose_transaction_has_not_started_says_nothing)
{
	install(1, "TxProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P(0, 20)));
	s.transaction_id = 7;
	expect("0:-");
}

Test(composite, the_maximum_of_the_charger_caps_whatever_is_below_it)
{
	install(0, "ChargePointMaxProfile", 0, ABSOLUTE,
		AT(NOON) PERIODS(P(0, 25) "," P(600, 8) "," P(1200, 40)));
	install(1, "TxDefaultProfile", 3, ABSOLUTE, AT(NOON) PERIODS(P(0, 16) "," P(1800, 63)));
	expect("0:16.0 600:8.0 1200:16.0 1800:40.0");
	count = 1;
	expect("0:25.0 600:8.0 1200:40.0");
}

Test(composite, a_default_for_all_connectors_gives_way_to_the_own_of_the_same_level)
{
	install(0, "TxDefaultProfile", 1, ABSOLUTE, AT(NOON) PERIODS(P(0, 16)));
	install(1, "TxDefaultProfile", 1, ABSOLUTE, AT(NOON) "'duration':600," PERIODS(P(0, 20)));
	install(2, "TxDefaultProfile", 7, ABSOLUTE, AT(NOON) PERIODS(P(0, 1)));
	expect("0:20.0 600:16.0");
	installed[0].stack_level = 2;
	expect("0:16.0");
	s.connector_id = 3;
	expect("0:16.0");
}

Test(composite, of_the_charger_as_a_whole_is_its_maximum)
{
	install(0, "ChargePointMaxProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P(0, 63)));
	install(0, "TxDefaultProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P(0, 16)));
	s.connector_id = 0;
	expect("0:63.0");
}

Test(composite, watts_and_amperes_are_converted_by_voltage_and_phases)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P(0, 16) "," P3(600, 16, 1)));
	s.watts = true;
	expect("0:11040.0 600:3680.0/1");
	s.watts = false;
	installed[0].watts = true;
	installed[0].periods = periods_read(
	    fixture_arena(),
	    fixture_json("{'chargingSchedulePeriod':[{'startPeriod':0,'limit':6000}]}"),
	    &installed[0].count);
	expect("0:8.6"); /* 8.69 A, never more than was allowed */
	s.phases = 1;
	s.voltage_v = 120;
	expect("0:50.0");
}

Test(composite, a_cap_in_watts_is_held_against_a_limit_in_amperes)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P3(0, 32, 1)));
	install(0, "ChargePointMaxProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P3(0, 11040, 3)))->watts =
	    true;
	expect("0:16.0/3");
}

Test(composite, a_cap_that_does_not_speak_of_phases_leaves_them)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P3(0, 32, 1)));
	install(0, "ChargePointMaxProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P(0, 20)));
	expect("0:20.0/1");
}

Test(composite, neighbours_that_are_the_same_become_one)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE,
		AT(NOON) PERIODS(P(0, 16) "," P(60, 16) "," P(120, 17)));
	expect("0:16.0 120:17.0");
}

Test(composite, what_lasts_less_than_a_second_is_not_shown)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE ",'validTo':'2026-11-25T12:00:10.500Z'",
		AT("2026-11-25T11:00:00Z") PERIODS(P(0, 16) "," P(3610, 17)));
	expect("0:16.0 10:-");
}

Test(composite, many_profiles_of_many_periods_end_where_the_room_does)
{
	static struct period minutes[1440];
	for (int i = 0; i < 1440; i++)
		minutes[i] = (struct period){60 * i, 60 + i % 2, 0};
	for (int i = 0; i < 10; i++) {
		struct profile *p =
		    install(1, "TxDefaultProfile", i, DAILY, AT(NOON) PERIODS(P(0, 6)));
		p->periods = minutes;
		p->count = 1440;
	}
	s.duration_s = 7 * DAY;
	struct composite c = composite_compute(fixture_arena(), installed, count, &s);
	cr_expect_eq(c.count, COMPOSITE_MOST_STEPS);
	cr_expect_eq(c.duration_s, COMPOSITE_MOST_STEPS * 60, "%lld", (long long)c.duration_s);
}

static const char *compared(const char *charger)
{
	uint32_t n;
	const struct difference *list;
	struct composite c = composite_compute(fixture_arena(), installed, count, &s);
	const struct period *p = periods_read(
	    fixture_arena(), fixture_json("{'chargingSchedulePeriod':[%s]}", charger), &n);
	const char *out = "";
	n = composite_compare(fixture_arena(), &c, p, n, s.watts, &list);
	for (uint32_t i = 0; i < n; i++)
		out = bb_printf(
		    fixture_arena(), "%s[%lld-%lld %lld %lld]", out, (long long)list[i].from_s,
		    (long long)list[i].to_s, (long long)list[i].computed.limit_tenths,
		    (long long)(list[i].charger.limited ? list[i].charger.limit_tenths : -1));
	return out;
}

Test(composite, is_compared_period_by_period_with_what_a_charger_answers)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE,
		AT(NOON) "'duration':7200," PERIODS(P(0, 16) "," P(3600, 32)));
	cr_expect_str_eq(compared(P(0, 16) "," P(3600, 32) "," P(7200, 63)), "");
	cr_expect_str_eq(compared(P(0, 16.1) "," P(3600, 31.9)), "", "rounding");
	cr_expect_str_eq(compared(P(0, 16)), "[3600-7200 320 160]");
	cr_expect_str_eq(compared(P(0, 16) "," P(1800, 20) "," P(5400, 32)),
			 "[1800-3600 160 200][3600-5400 320 200]");
	cr_expect_str_eq(compared(P(600, 16) "," P(3600, 32)), "[0-600 160 -1]");
	cr_expect_str_eq(compared(""), "[0-3600 160 -1][3600-7200 320 -1]");
}

Test(composite, phases_are_compared_where_both_speak_of_them)
{
	install(1, "TxDefaultProfile", 0, ABSOLUTE, AT(NOON) PERIODS(P3(0, 16, 1)));
	cr_expect_str_eq(compared(P(0, 16)), "");
	cr_expect_str_eq(compared(P3(0, 16, 1)), "");
	cr_expect_str_eq(compared(P3(0, 16, 3)), "[0-86400 160 160]");
}

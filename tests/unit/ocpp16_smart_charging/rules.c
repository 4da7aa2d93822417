/* One fault at a time, and its exact path and rule. */
#include "rules.h"

#include <criterion/criterion.h>

#include "fixture.h"

TestSuite(rules, .init = fixture_setup, .fini = fixture_teardown);

#define NOW "2026-11-25T12:00:00Z"
#define START "'startSchedule':'2026-11-25T00:00:00Z',"
#define PERIODS "'chargingSchedulePeriod':[{'startPeriod':0,'limit':6}]"
#define SCHEDULE "'chargingRateUnit':'A'," START PERIODS
#define HEAD "'chargingProfileId':1,'stackLevel':0,"
#define DEFAULT HEAD "'chargingProfilePurpose':'TxDefaultProfile',"
#define TX HEAD "'chargingProfilePurpose':'TxProfile',"
#define MAX HEAD "'chargingProfilePurpose':'ChargePointMaxProfile',"
#define ABSOLUTE "'chargingProfileKind':'Absolute',"
#define RELATIVE "'chargingProfileKind':'Relative',"
#define RECURRING "'chargingProfileKind':'Recurring',"
#define DAILY RECURRING "'recurrencyKind':'Daily',"

/* "path: rule; ...", without the profile's own prefix. */
static const char *told(const struct bb_json *faults)
{
	const char *out = "";
	for (uint32_t i = 0; i < bb_json_count(faults); i++) {
		const struct bb_json *f = bb_json_at(faults, i);
		const char *path = bb_json_get_str(f, "path", "");
		path += strncmp(path, "csChargingProfiles.", 19) ? 0 : 19;
		out = bb_printf(fixture_arena(), "%s%s%s: %s", out, i ? "; " : "", path,
				bb_json_get_str(f, "rule", ""));
	}
	return out;
}

static const char *set(int connector, const char *members, const char *schedule)
{
	const struct bb_json *v =
	    fixture_json("{'connectorId':%d,'csChargingProfiles':{%s'chargingSchedule':{%s}}}",
			 connector, members, schedule);
	return told(rules_check(&fixture_api, fixture_arena(), CARRIER_SET, v, fixture_ms(NOW)));
}

static const char *start(const char *members, const char *schedule)
{
	const struct bb_json *v = fixture_json(
	    "{'idTag':'A','chargingProfile':{%s'chargingSchedule':{%s}}}", members, schedule);
	return told(
	    rules_check(&fixture_api, fixture_arena(), CARRIER_REMOTE_START, v, fixture_ms(NOW)));
}

#define expect(call, text) cr_expect_str_eq(call, text, "%s", call)

Test(rules, sound_profiles_break_none)
{
	expect(set(0, MAX ABSOLUTE, SCHEDULE), "");
	expect(set(0, DEFAULT ABSOLUTE, SCHEDULE), "");
	expect(set(2, DEFAULT DAILY, "'duration':86400," SCHEDULE), "");
	expect(set(1, TX "'transactionId':7," RELATIVE, "'chargingRateUnit':'W'," PERIODS), "");
	expect(set(1, TX ABSOLUTE, SCHEDULE), "");
	expect(set(1,
		   DEFAULT ABSOLUTE
		   "'validFrom':'2026-11-25T00:00:00Z','validTo':'2026-11-26T00:00:00Z',",
		   "'duration':86400," SCHEDULE),
	       "");
	expect(start(TX RELATIVE, "'chargingRateUnit':'A'," PERIODS), "");
}

Test(rules, purposes_have_their_connectors)
{
	expect(set(1, MAX ABSOLUTE, SCHEDULE),
	       "connectorId: is not 0, as a ChargePointMaxProfile needs");
	expect(set(0, TX ABSOLUTE, SCHEDULE), "connectorId: is 0, which no TxProfile can be for");
	expect(set(-1, DEFAULT ABSOLUTE, SCHEDULE), "connectorId: is negative");
}

Test(rules, transactions_are_of_tx_profiles)
{
	expect(set(1, DEFAULT ABSOLUTE "'transactionId':7,", SCHEDULE),
	       "transactionId: is for a TxProfile only");
	expect(set(0, MAX ABSOLUTE "'transactionId':7,", SCHEDULE),
	       "transactionId: is for a TxProfile only");
}

Test(rules, a_remote_start_takes_a_tx_profile_without_a_transaction)
{
	expect(start(DEFAULT ABSOLUTE, SCHEDULE),
	       "chargingProfile.chargingProfilePurpose: is not TxProfile, the only one to start a "
	       "transaction with");
	expect(start(TX ABSOLUTE "'transactionId':7,", SCHEDULE),
	       "chargingProfile.transactionId: is given, but the transaction has yet to start");
	expect(start(TX ABSOLUTE, "'chargingRateUnit':'A'," PERIODS),
	       "chargingProfile.chargingSchedule.startSchedule: is needed by an Absolute or "
	       "Recurring profile");
}

Test(rules, recurrency_goes_with_recurring)
{
	expect(set(1, DEFAULT RECURRING, SCHEDULE),
	       "recurrencyKind: is needed by a Recurring profile");
	expect(set(1, DEFAULT ABSOLUTE "'recurrencyKind':'Daily',", SCHEDULE),
	       "recurrencyKind: is for a Recurring profile only");
}

Test(rules, schedules_start_unless_they_are_relative)
{
	expect(set(1, DEFAULT DAILY, "'chargingRateUnit':'A'," PERIODS),
	       "chargingSchedule.startSchedule: is needed by an Absolute or Recurring profile");
	expect(set(1, DEFAULT RELATIVE, SCHEDULE),
	       "chargingSchedule.startSchedule: is given, but the profile is Relative");
}

Test(rules, validity_has_an_end_to_come)
{
	expect(set(1, DEFAULT ABSOLUTE "'validTo':'2026-11-25T11:59:59Z',", SCHEDULE),
	       "validTo: is in the past");
	expect(set(1,
		   DEFAULT ABSOLUTE
		   "'validFrom':'2026-11-27T00:00:00Z','validTo':'2026-11-27T01:00:00+01:00',",
		   SCHEDULE),
	       "validTo: is not after validFrom");
}

Test(rules, durations_are_positive_and_within_the_recurrency)
{
	expect(set(1, DEFAULT ABSOLUTE, "'duration':0," SCHEDULE),
	       "chargingSchedule.duration: is below 1");
	expect(set(1, DEFAULT DAILY, "'duration':86401," SCHEDULE),
	       "chargingSchedule.duration: is longer than the recurrency");
	expect(
	    set(1, DEFAULT RECURRING "'recurrencyKind':'Weekly',", "'duration':604800," SCHEDULE),
	    "");
	expect(set(1, DEFAULT ABSOLUTE, "'duration':99999999999," SCHEDULE),
	       "chargingSchedule.duration: is above 31 bits");
}

#define AT_PERIOD "chargingSchedule.chargingSchedulePeriod"
Test(rules, periods_begin_at_0_and_ascend)
{
#define WITH(list) "'chargingRateUnit':'A'," START "'chargingSchedulePeriod':[" list "]"
	expect(set(1, DEFAULT ABSOLUTE, WITH("")), AT_PERIOD ": is empty");
	expect(set(1, DEFAULT ABSOLUTE, WITH("{'startPeriod':60,'limit':6}")),
	       AT_PERIOD "[0].startPeriod: is not 0, as the first must be");
	expect(set(1, DEFAULT ABSOLUTE,
		   WITH("{'startPeriod':0,'limit':6},{'startPeriod':60,'limit':7},"
			"{'startPeriod':60,'limit':8}")),
	       AT_PERIOD "[2].startPeriod: is not after the one before");
	expect(set(1, DEFAULT ABSOLUTE,
		   WITH("{'startPeriod':0,'limit':6},{'startPeriod':3000000000,'limit':6}")),
	       AT_PERIOD "[1].startPeriod: is above 31 bits");
}

Test(rules, limits_and_phases_are_possible_ones)
{
	expect(set(1, DEFAULT ABSOLUTE, WITH("{'startPeriod':0,'limit':0}")), "");
	expect(set(1, DEFAULT ABSOLUTE, WITH("{'startPeriod':0,'limit':-0.1}")),
	       AT_PERIOD "[0].limit: is negative");
	expect(set(1, DEFAULT ABSOLUTE, WITH("{'startPeriod':0,'limit':1e300}")),
	       AT_PERIOD "[0].limit: is above a gigawatt");
	expect(set(1, DEFAULT ABSOLUTE, WITH("{'startPeriod':0,'limit':6,'numberPhases':0}")),
	       AT_PERIOD "[0].numberPhases: is not 1, 2 or 3");
	expect(set(1, DEFAULT ABSOLUTE, WITH("{'startPeriod':0,'limit':6,'numberPhases':4}")),
	       AT_PERIOD "[0].numberPhases: is not 1, 2 or 3");
	expect(set(1, DEFAULT ABSOLUTE, "'minChargingRate':-1," SCHEDULE),
	       "chargingSchedule.minChargingRate: is negative");
}

Test(rules, numbers_fit_31_bits)
{
	expect(set(1,
		   "'chargingProfileId':-1,'stackLevel':-1,"
		   "'chargingProfilePurpose':'TxDefaultProfile'," ABSOLUTE,
		   SCHEDULE),
	       "chargingProfileId: is negative; stackLevel: is negative");
	expect(set(1,
		   "'chargingProfileId':2147483648,'stackLevel':0,"
		   "'chargingProfilePurpose':'TxDefaultProfile'," ABSOLUTE,
		   SCHEDULE),
	       "chargingProfileId: is above 31 bits");
}

static const char *by(const struct limits *known, const char *members, const char *schedule)
{
	const struct bb_json *v =
	    fixture_json("{'connectorId':1,'csChargingProfiles':{%s'chargingSchedule':{%s}}}",
			 members, schedule);
	return told(limits_check(fixture_arena(), CARRIER_SET, v, known));
}

static const struct limits nothing = {-1, -1, -1, NULL, 50, NULL};

Test(rules, a_charger_that_has_told_nothing_limits_nothing)
{
	expect(by(&nothing,
		  "'chargingProfileId':1,'stackLevel':99,'chargingProfilePurpose':"
		  "'TxDefaultProfile'," ABSOLUTE,
		  SCHEDULE),
	       "");
}

Test(rules, what_a_charger_has_told_limits_profiles)
{
	struct limits known = nothing;
	known.max_stack_level = 3;
	expect(by(&known, "'chargingProfileId':1,'stackLevel':3," ABSOLUTE, SCHEDULE), "");
	expect(by(&known, "'chargingProfileId':1,'stackLevel':4," ABSOLUTE, SCHEDULE),
	       "stackLevel: is 4, above the charger's ChargeProfileMaxStackLevel of 3");
	known.max_periods = 0;
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE),
	       "chargingSchedule.chargingSchedulePeriod: is 1, above the charger's "
	       "ChargingScheduleMaxPeriods of 0");
	known.max_periods = 1;
	known.max_installed = 51;
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE), "");
	known.max_installed = 50;
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE),
	       "csChargingProfiles: is one more than the charger's MaxChargingProfilesInstalled "
	       "of 50");
}

Test(rules, units_are_those_of_the_charger)
{
	struct limits known = nothing;
	known.units = "Current,Power";
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE), "");
	known.units = "Power, Current";
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE), "");
	known.units = "A";
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE), "");
	known.units = "";
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE), "");
	known.units = "Power";
	expect(by(&known, DEFAULT ABSOLUTE, SCHEDULE),
	       "chargingSchedule.chargingRateUnit: is A; the charger's "
	       "ChargingScheduleAllowedChargingRateUnit is Power");
}

Test(rules, a_tx_profile_is_for_a_transaction_that_runs)
{
	struct limits known = nothing;
	expect(by(&known, TX ABSOLUTE, SCHEDULE),
	       "transactionId: is not given, and no transaction runs on the connector");
	expect(by(&known, TX ABSOLUTE "'transactionId':7,", SCHEDULE),
	       "transactionId: is of no transaction that runs on the connector");
	known.transaction_id = "7";
	expect(by(&known, TX ABSOLUTE, SCHEDULE), "");
}

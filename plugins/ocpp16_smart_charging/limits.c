#include "faults.h"

struct check {
	struct faults faults;
	struct bb_arena *arena;
	enum carrier carrier;
	const struct bb_json *payload, *profile, *schedule;
	const struct limits *limits;
};

static void fault(struct check *c, const char *path, const char *rule)
{
	fault_add(&c->faults, carried_path(c->arena, c->carrier, path), rule);
}

static void check_most(struct check *c, const char *path, int64_t value, int64_t most,
		       const char *key)
{
	if (most >= 0 && value > most)
		fault(c, path,
		      bb_printf(c->arena, "is %lld, above the charger's %s of %lld",
				(long long)value, key, (long long)most));
}

/* Does the charger's list, "Current, Power", have it? Some spell it as the unit itself. */
static bool lists(const char *units, const char *word, const char *unit)
{
	while (*units) {
		units += strspn(units, ", ");
		size_t n = strcspn(units, ", ");
		if ((n == strlen(word) && !strncmp(units, word, n)) || (n == 1 && *units == *unit))
			return true;
		units += n;
	}
	return false;
}

static void check_unit(struct check *c)
{
	const char *units = c->limits->units;
	const char *unit = bb_json_get_str(c->schedule, "chargingRateUnit", NULL);
	if (!units || !*units || !unit)
		return;
	if (!lists(units, strcmp(unit, "W") ? "Current" : "Power", unit))
		fault(
		    c, "chargingSchedule.chargingRateUnit",
		    bb_printf(c->arena,
			      "is %s; the charger's ChargingScheduleAllowedChargingRateUnit is %s",
			      unit, units));
}

static void check_running(struct check *c)
{
	const struct bb_json *id = bb_json_get(c->profile, "transactionId");
	const char *purpose = bb_json_get_str(c->profile, "chargingProfilePurpose", "");
	if (c->carrier != CARRIER_SET || purpose_of(purpose) != PURPOSE_TX ||
	    c->limits->transaction_id || bb_json_get_int(c->payload, "connectorId", 0) < 1)
		return;
	fault(c, "transactionId",
	      id ? "is of no transaction that runs on the connector"
		 : "is not given, and no transaction runs on the connector");
}

const struct bb_json *limits_check(struct bb_arena *a, enum carrier carrier,
				   const struct bb_json *payload, const struct limits *limits)
{
	const struct bb_json *profile = carried_profile(carrier, payload);
	const struct bb_json *schedule = bb_json_get(profile, "chargingSchedule");
	struct check c = {{bb_build(a)}, a, carrier, payload, profile, schedule, limits};
	if (!profile)
		return NULL;
	check_most(&c, "stackLevel", bb_json_get_int(profile, "stackLevel", 0),
		   limits->max_stack_level, "ChargeProfileMaxStackLevel");
	check_most(&c, "chargingSchedule.chargingSchedulePeriod",
		   bb_json_count(bb_json_get(schedule, "chargingSchedulePeriod")),
		   limits->max_periods, "ChargingScheduleMaxPeriods");
	check_unit(&c);
	if (limits->max_installed >= 0 && limits->installed >= limits->max_installed)
		fault(&c, "",
		      bb_printf(a,
				"is one more than the charger's MaxChargingProfilesInstalled of "
				"%lld",
				(long long)limits->max_installed));
	check_running(&c);
	return faults_end(&c.faults);
}

#include "rules.h"

#include "faults.h"

#define DAY_S INT64_C(86400)
#define MOST_LIMIT 1e9 /* a gigawatt */

struct check {
	struct faults faults;
	const struct bb_api *api;
	enum carrier carrier;
	const struct bb_json *payload, *profile, *schedule;
	enum purpose purpose;
	const char *kind;
	int64_t now_ms;
};

static const char *const members[] = {
    [CARRIER_SET] = "csChargingProfiles",
    [CARRIER_REMOTE_START] = "chargingProfile",
};

const struct bb_json *carried_profile(enum carrier c, const struct bb_json *payload)
{
	return bb_json_get(payload, members[c]);
}

const char *carried_path(struct bb_arena *a, enum carrier c, const char *path)
{
	return *path ? bb_printf(a, "%s.%s", members[c], path) : members[c];
}

static void fault(struct check *c, const char *path, const char *rule)
{
	fault_add(&c->faults, carried_path(c->faults.list.arena, c->carrier, path), rule);
}

static bool is_word(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static void check_place(struct check *c)
{
	int64_t connector = bb_json_get_int(c->payload, "connectorId", -1);
	if (c->carrier == CARRIER_REMOTE_START) {
		if (c->purpose != PURPOSE_TX)
			fault(c, "chargingProfilePurpose",
			      "is not TxProfile, the only one to start a transaction with");
	} else if (connector < 0) {
		fault_add(&c->faults, "connectorId", "is negative");
	} else if (c->purpose == PURPOSE_CHARGE_POINT_MAX && connector) {
		fault_add(&c->faults, "connectorId", "is not 0, as a ChargePointMaxProfile needs");
	} else if (c->purpose == PURPOSE_TX && !connector) {
		fault_add(&c->faults, "connectorId", "is 0, which no TxProfile can be for");
	}
}

static void check_transaction(struct check *c)
{
	if (!bb_json_get(c->profile, "transactionId"))
		return;
	if (c->purpose != PURPOSE_TX)
		fault(c, "transactionId", "is for a TxProfile only");
	else if (c->carrier == CARRIER_REMOTE_START)
		fault(c, "transactionId", "is given, but the transaction has yet to start");
}

static void check_recurrency(struct check *c)
{
	bool recurring = is_word(c->kind, "Recurring");
	const struct bb_json *kind = bb_json_get(c->profile, "recurrencyKind");
	if (recurring && !kind)
		fault(c, "recurrencyKind", "is needed by a Recurring profile");
	else if (!recurring && kind)
		fault(c, "recurrencyKind", "is for a Recurring profile only");
}

static void check_start(struct check *c)
{
	bool relative = is_word(c->kind, "Relative");
	const struct bb_json *start = bb_json_get(c->schedule, "startSchedule");
	if (relative && start)
		fault(c, "chargingSchedule.startSchedule", "is given, but the profile is Relative");
	else if (!relative && !start)
		fault(c, "chargingSchedule.startSchedule",
		      "is needed by an Absolute or Recurring profile");
}

static void check_validity(struct check *c)
{
	int64_t from = profile_time(c->api, bb_json_get(c->profile, "validFrom"), ALWAYS_MS);
	int64_t to = profile_time(c->api, bb_json_get(c->profile, "validTo"), NEVER_MS);
	if (from >= to)
		fault(c, "validTo", "is not after validFrom");
	else if (to <= c->now_ms)
		fault(c, "validTo", "is in the past");
}

static void check_duration(struct check *c)
{
	const struct bb_json *v = bb_json_get(c->schedule, "duration");
	const char *every = bb_json_get_str(c->profile, "recurrencyKind", "");
	int64_t most = is_word(every, "Daily")    ? DAY_S
		       : is_word(every, "Weekly") ? 7 * DAY_S
						  : INT32_MAX;
	int64_t duration = bb_json_int(v, 0);
	if (v && duration < 1)
		fault(c, "chargingSchedule.duration", "is below 1");
	else if (v && duration > most)
		fault(c, "chargingSchedule.duration",
		      most < INT32_MAX ? "is longer than the recurrency" : "is above 31 bits");
}

static void check_number(struct check *c, const struct bb_json *object, const char *name,
			 const char *path)
{
	const struct bb_json *v = bb_json_get(object, name);
	int64_t i = bb_json_int(v, 0);
	if (v && (i < 0 || i > INT32_MAX))
		fault(c, path, i < 0 ? "is negative" : "is above 31 bits");
}

static void check_rate(struct check *c, const struct bb_json *v, const char *path)
{
	double rate = bb_json_real(v, 0);
	if (rate < 0 || rate > MOST_LIMIT)
		fault(c, path, rate < 0 ? "is negative" : "is above a gigawatt");
}

static void check_period(struct check *c, uint32_t i, const struct bb_json *v, int64_t before_s)
{
	struct bb_arena *a = c->faults.list.arena;
	const char *at = bb_printf(a, "chargingSchedule.chargingSchedulePeriod[%u]", i);
	int64_t start = bb_json_get_int(v, "startPeriod", 0);
	const struct bb_json *phases = bb_json_get(v, "numberPhases");
	int64_t count = bb_json_int(phases, 1);
	const char *rule = NULL;
	if (!i && start)
		rule = "is not 0, as the first must be";
	else if (i && start <= before_s)
		rule = "is not after the one before";
	else if (start > INT32_MAX)
		rule = "is above 31 bits";
	if (rule)
		fault(c, bb_printf(a, "%s.startPeriod", at), rule);
	check_rate(c, bb_json_get(v, "limit"), bb_printf(a, "%s.limit", at));
	if (count < 1 || count > 3)
		fault(c, bb_printf(a, "%s.numberPhases", at), "is not 1, 2 or 3");
}

static void check_periods(struct check *c)
{
	const struct bb_json *list = bb_json_get(c->schedule, "chargingSchedulePeriod");
	int64_t before_s = 0;
	if (bb_json_is(list, BB_JSON_ARRAY) && !list->len)
		fault(c, "chargingSchedule.chargingSchedulePeriod", "is empty");
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		const struct bb_json *v = bb_json_at(list, i);
		check_period(c, i, v, before_s);
		before_s = bb_json_get_int(v, "startPeriod", 0);
	}
}

const struct bb_json *rules_check(const struct bb_api *api, struct bb_arena *a,
				  enum carrier carrier, const struct bb_json *payload,
				  int64_t now_ms)
{
	static void (*const checks[])(struct check *) = {
	    check_place,    check_transaction, check_recurrency, check_start,
	    check_validity, check_duration,    check_periods,
	};
	const struct bb_json *profile = carried_profile(carrier, payload);
	if (!profile)
		return NULL;
	struct check c = {
	    .faults = {bb_build(a)},
	    .api = api,
	    .carrier = carrier,
	    .payload = payload,
	    .profile = profile,
	    .schedule = bb_json_get(profile, "chargingSchedule"),
	    .purpose = purpose_of(bb_json_get_str(profile, "chargingProfilePurpose", "")),
	    .kind = bb_json_get_str(profile, "chargingProfileKind", ""),
	    .now_ms = now_ms,
	};
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		checks[i](&c);
	check_number(&c, profile, "chargingProfileId", "chargingProfileId");
	check_number(&c, profile, "stackLevel", "stackLevel");
	check_rate(&c, bb_json_get(c.schedule, "minChargingRate"),
		   "chargingSchedule.minChargingRate");
	return faults_end(&c.faults);
}

#include "profile.h"

#include <math.h>

#define DAY_MS INT64_C(86400000)
#define MOST_TENTHS 1e12

static const char *const purposes[PURPOSES] = {
    [PURPOSE_CHARGE_POINT_MAX] = "ChargePointMaxProfile",
    [PURPOSE_TX_DEFAULT] = "TxDefaultProfile",
    [PURPOSE_TX] = "TxProfile",
};

enum purpose purpose_of(const char *word)
{
	int i = 0;
	while (i < PURPOSES && strcmp(purposes[i], word) != 0)
		i++;
	return (enum purpose)i;
}

int64_t profile_time(const struct bb_api *api, const struct bb_json *v, int64_t other)
{
	int64_t ms;
	if (!bb_json_is(v, BB_JSON_STRING) || api->time_parse(v->s, v->len, &ms))
		return other;
	return ms;
}

/* Tenths are what OCPP allows; 8.1 as a double is not quite 81 of them. */
static int64_t tenths_of(const struct bb_json *v)
{
	double tenths = bb_json_real(v, 0) * 10;
	return llround(fmax(fmin(tenths, MOST_TENTHS), -MOST_TENTHS));
}

const struct period *periods_read(struct bb_arena *a, const struct bb_json *schedule,
				  uint32_t *ret_count)
{
	const struct bb_json *list = bb_json_get(schedule, "chargingSchedulePeriod");
	uint32_t n = bb_json_is(list, BB_JSON_ARRAY) ? list->len : 0;
	struct period *p = bb_alloc(a, (n + 1) * sizeof *p);
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_json *v = bb_json_at(list, i);
		p[i] = (struct period){
		    .start_s = bb_json_get_int(v, "startPeriod", 0),
		    .limit_tenths = tenths_of(bb_json_get(v, "limit")),
		    .phases = bb_json_get_int(v, "numberPhases", 0),
		};
	}
	*ret_count = n;
	return p;
}

struct profile profile_read(const struct bb_api *api, struct bb_arena *a, const struct bb_json *v)
{
	const struct bb_json *schedule = bb_json_get(v, "chargingSchedule");
	const struct bb_json *start = bb_json_get(schedule, "startSchedule");
	const char *kind = bb_json_get_str(v, "chargingProfileKind", "");
	struct profile p = {
	    .id = bb_json_get_int(v, "chargingProfileId", 0),
	    .stack_level = bb_json_get_int(v, "stackLevel", 0),
	    .purpose = purpose_of(bb_json_get_str(v, "chargingProfilePurpose", "")),
	    .kind = !strcmp(kind, "Recurring")  ? KIND_RECURRING
		    : !strcmp(kind, "Relative") ? KIND_RELATIVE
						: KIND_ABSOLUTE,
	    .every_ms =
		!strcmp(bb_json_get_str(v, "recurrencyKind", ""), "Weekly") ? 7 * DAY_MS : DAY_MS,
	    .valid_from_ms = profile_time(api, bb_json_get(v, "validFrom"), ALWAYS_MS),
	    .valid_to_ms = profile_time(api, bb_json_get(v, "validTo"), NEVER_MS),
	    .start_ms = profile_time(api, start, 0),
	    .duration_s = bb_json_get_int(schedule, "duration", -1),
	    .watts = schedule_in_watts(schedule),
	};
	p.has_start = start && p.kind != KIND_RELATIVE;
	p.periods = periods_read(a, schedule, &p.count);
	return p;
}

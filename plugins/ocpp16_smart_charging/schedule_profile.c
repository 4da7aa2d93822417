#include "profile.h"
#include "schedule.h"

#define FIRST_ID INT64_C(1000000000) /* of the profiles that the hook makes */

/* One for each connector and purpose, so that the next one takes its place. */
static int64_t profile_id(int64_t connector_id, const char *purpose)
{
	return FIRST_ID + 2 * connector_id + (purpose_of(purpose) == PURPOSE_CHARGE_POINT_MAX);
}

/* OCPP has one decimal. */
static double rounded(double limit)
{
	return (double)(int64_t)(limit * 10 + 0.5) / 10;
}

static const struct bb_json *periods(struct bb_arena *a, const struct bb_json *list)
{
	struct bb_builder out = bb_build(a);
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		const struct bb_json *from = bb_json_at(list, i);
		const struct bb_json *phases = bb_json_get(from, "number_phases");
		struct bb_builder b = bb_build(a);
		bb_put_int(&b, "startPeriod", bb_json_get_int(from, "start_s", 0));
		bb_put_real(&b, "limit", rounded(bb_json_real(bb_json_get(from, "limit"), 0)));
		if (phases)
			bb_put_json(&b, "numberPhases", phases);
		bb_push(&out, *bb_build_object(&b));
	}
	return bb_build_array(&out);
}

const struct bb_json *schedule_payload(const struct bb_api *api, struct bb_arena *a,
				       const struct bb_json *limit, int64_t now_ms)
{
	const char *purpose = bb_json_get_str(limit, "purpose", "TxDefaultProfile");
	int64_t connector_id = bb_json_get_int(limit, "connector_id", 0);
	int64_t start_ms = profile_time(api, bb_json_get(limit, "start_at"), now_ms);
	struct bb_builder s = bb_build(a), p = bb_build(a), b = bb_build(a);
	if (bb_json_get(limit, "duration_s"))
		bb_put_json(&s, "duration", bb_json_get(limit, "duration_s"));
	bb_put_str(&s, "startSchedule", api->time_format(a, start_ms));
	bb_put_str(&s, "chargingRateUnit", bb_json_get_str(limit, "unit", "A"));
	bb_put_json(&s, "chargingSchedulePeriod", periods(a, bb_json_get(limit, "periods")));
	bb_put_int(&p, "chargingProfileId", profile_id(connector_id, purpose));
	bb_put_int(&p, "stackLevel", bb_json_get_int(limit, "stack_level", 0));
	bb_put_str(&p, "chargingProfilePurpose", purpose);
	bb_put_str(&p, "chargingProfileKind", "Absolute");
	bb_put_json(&p, "chargingSchedule", bb_build_object(&s));
	bb_put_int(&b, "connectorId", connector_id);
	bb_put_json(&b, "csChargingProfiles", bb_build_object(&p));
	return bb_build_object(&b);
}

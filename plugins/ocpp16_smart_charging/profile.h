/* A charging profile, read once. Pure but for the api's time_parse. */
#ifndef OCPP16_SMART_CHARGING_PROFILE_H
#define OCPP16_SMART_CHARGING_PROFILE_H
#include <busbar/plugin.h>

enum purpose { PURPOSE_CHARGE_POINT_MAX, PURPOSE_TX_DEFAULT, PURPOSE_TX, PURPOSES };
enum kind { KIND_ABSOLUTE, KIND_RECURRING, KIND_RELATIVE };

#define NEVER_MS INT64_MAX
#define ALWAYS_MS INT64_MIN

struct period {
	int64_t start_s;
	int64_t limit_tenths; /* of an ampere or a watt */
	int64_t phases;       /* 0: not said */
};

struct profile {
	int64_t id, connector_id, stack_level;
	enum purpose purpose;
	enum kind kind;
	int64_t every_ms; /* of KIND_RECURRING */
	int64_t valid_from_ms, valid_to_ms;
	bool has_start;
	int64_t start_ms;
	int64_t duration_s; /* -1: without an end */
	bool watts;
	const struct period *periods;
	uint32_t count;
	/* Not of the profile itself: */
	int64_t transaction_id; /* of a TxProfile: Busbar's own; 0: none (yet) */
	int64_t installed_ms;   /* when the charger accepted it */
};

/* Of a profile in OCPP's spelling, which keeps its schema and the rules of rules.h. */
struct profile profile_read(const struct bb_api *, struct bb_arena *, const struct bb_json *);
/* The list of periods of a chargingSchedule. */
const struct period *periods_read(struct bb_arena *, const struct bb_json *schedule,
				  uint32_t *ret_count);
/* A time, or `other` if it is absent or none. */
int64_t profile_time(const struct bb_api *, const struct bb_json *, int64_t other);
/* Which of OCPP's words; PURPOSES if it is none. */
enum purpose purpose_of(const char *word);

static inline bool schedule_in_watts(const struct bb_json *schedule)
{
	return !strcmp(bb_json_get_str(schedule, "chargingRateUnit", "A"), "W");
}
#endif

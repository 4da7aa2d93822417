/* What the specification demands of a charging profile beyond its schema. Pure but for the api's
 * time_parse; tolerant of what breaks the schema, which is told elsewhere. */
#ifndef OCPP16_SMART_CHARGING_RULES_H
#define OCPP16_SMART_CHARGING_RULES_H
#include "profile.h"

/* The message that carries the profile. */
enum carrier { CARRIER_SET, CARRIER_REMOTE_START };
/* The profile in the payload of that message, or NULL. */
const struct bb_json *carried_profile(enum carrier, const struct bb_json *payload);

/* By the payload alone. NULL if all is well, else [{"path", "rule"}, ...], paths as in the payload.
 */
const struct bb_json *rules_check(const struct bb_api *, struct bb_arena *, enum carrier,
				  const struct bb_json *payload, int64_t now_ms);

/* What is known of the charger; -1 and NULL: not known. */
struct limits {
	int64_t max_stack_level, max_periods, max_installed;
	const char *units;          /* "Current,Power" */
	int64_t installed;          /* that this profile does not replace */
	const char *transaction_id; /* OCPP's, running where the profile says; NULL: none */
};

/* By what is known of the charger; likewise. */
const struct bb_json *limits_check(struct bb_arena *, enum carrier, const struct bb_json *payload,
				   const struct limits *);
#endif

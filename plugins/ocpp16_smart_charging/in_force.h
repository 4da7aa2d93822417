/* The composite schedule of a charger, from storage and as REST shows it. */
#ifndef OCPP16_SMART_CHARGING_IN_FORCE_H
#define OCPP16_SMART_CHARGING_IN_FORCE_H
#include "composite.h"
#include "smart.h"

/* The charger's profiles in force and the transaction on the connector. */
struct in_force {
	const struct profile *profiles;
	uint32_t count;
	int64_t transaction_id, transaction_started_ms;
};

/* Settles and reads, then goes on with `step`, which hands the rows to in_force_rows(). */
void in_force_read(struct bb_rest *, struct smart *, const struct bb_charger *,
		   int64_t connector_id, bb_rest_fn *step);
struct in_force in_force_rows(struct bb_rest *, const struct bb_rows *);

/* The situation of a question, and its answer. */
struct situation in_force_situation(const struct smart *, const struct in_force *,
				    int64_t connector_id, int64_t from_ms, int64_t duration_s,
				    bool watts);
const struct bb_json *composite_json(const struct bb_api *, struct bb_arena *,
				     const struct situation *, const struct composite *);
/* {"limit": ... | null, "number_phases": ... | null} put into an object under construction. */
void step_put(struct bb_builder *, const struct step *);
#endif

#include "smart.h"

void limits_params(struct bb_arena *a, const struct limits_of *of, enum carrier carrier,
		   const struct bb_json *payload, struct bb_val ret[LIMITS_PARAMS])
{
	const struct bb_json *profile = carried_profile(carrier, payload);
	const struct bb_json *id = bb_json_get(profile, "transactionId");
	const struct bb_val v[LIMITS_PARAMS] = {
	    bb_i64(of->charger_id),
	    bb_text(of->charge_point_id),
	    bb_text(of->operator_id),
	    bb_i64(bb_json_get_int(payload, "connectorId", -1)),
	    id ? bb_text(bb_printf(a, "%lld", (long long)bb_json_int(id, 0))) : bb_null(),
	    bb_i64(bb_json_get_int(profile, "chargingProfileId", -1)),
	    bb_text(bb_json_get_str(profile, "chargingProfilePurpose", "")),
	    bb_i64(bb_json_get_int(profile, "stackLevel", -1)),
	};
	memcpy(ret, v, sizeof v);
}

/* A number in a text, as chargers report them; -1 if it is none. */
static int64_t number(const struct bb_rows *r, uint32_t column)
{
	int64_t v;
	return bb_parse_int(bb_cell_text(r, 0, column), &v) && v >= 0 ? v : -1;
}

static const char *text(struct bb_arena *a, const struct bb_rows *r, uint32_t column)
{
	const char *s = bb_cell_text(r, 0, column);
	return s ? bb_strdup(a, s) : NULL;
}

struct limits limits_row(struct bb_arena *a, const struct bb_rows *r)
{
	return (struct limits){
	    .max_stack_level = number(r, 0),
	    .max_periods = number(r, 1),
	    .max_installed = number(r, 2),
	    .units = text(a, r, 3),
	    .installed = bb_cell_int(r, 0, 4, 0),
	    .transaction_id = text(a, r, 5),
	};
}

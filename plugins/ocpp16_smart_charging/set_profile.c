/* POST /api/admin/chargers/{id}/charging-profiles */
#include <stdlib.h>

#include "smart.h"

struct setting {
	struct bb_charger charger; /* first: what bb_command_charger_with() expects */
	struct bb_builder profile; /* as the body has it, and what is missing there */
	const struct bb_json *payload;
};

static void build(struct bb_rest *r)
{
	struct setting *s = r->arg;
	struct bb_builder b = bb_build(r->arena);
	bb_put_json(&b, "connectorId", bb_json_get(r->api->payload(r->call), "connector_id"));
	bb_put_json(&b, "csChargingProfiles", bb_build_object(&s->profile));
	s->payload = bb_build_object(&b);
}

/* A TxProfile that names no transaction is for the one on the connector. */
static void name_transaction(struct bb_rest *r, const struct limits *limits)
{
	struct setting *s = r->arg;
	const struct bb_json *profile = carried_profile(CARRIER_SET, s->payload);
	const char *purpose = bb_json_get_str(profile, "chargingProfilePurpose", "");
	if (purpose_of(purpose) != PURPOSE_TX || bb_json_get(profile, "transactionId") ||
	    !limits->transaction_id)
		return;
	bb_put_int(&s->profile, "transactionId", strtoll(limits->transaction_id, NULL, 10));
	build(r);
}

static void with_limits(struct bb_rest *r, const struct bb_rows *rows)
{
	struct setting *s = r->arg;
	struct limits limits = limits_row(r->arena, rows);
	const struct bb_json *faults =
	    rules_check(r->api, r->arena, CARRIER_SET, s->payload, r->api->now_ms());
	if (!faults)
		faults = limits_check(r->arena, CARRIER_SET, s->payload, &limits);
	if (faults) {
		r->api->set_errors(r->call, faults);
		bb_rest_fail(r, "422", "the charging profile breaks a rule");
		return;
	}
	name_transaction(r, &limits);
	command_later(r, "SetChargingProfile", s->payload);
}

static void judge(struct bb_rest *r)
{
	struct smart *smart = r->self;
	struct setting *s = r->arg;
	struct bb_val v[LIMITS_PARAMS];
	build(r);
	const struct limits_of of = {.charger_id = s->charger.id};
	limits_params(r->arena, &of, CARRIER_SET, s->payload, v);
	bb_rest_one(r, "charger", smart->query[Q_LIMITS], LIMITS_PARAMS, v, with_limits);
}

static void settled(struct bb_rest *r, const struct bb_rows *rows)
{
	struct setting *s = r->arg;
	if (rows->rows)
		bb_put_int(&s->profile, "chargingProfileId", bb_cell_int(rows, 0, 0, 0));
	judge(r);
}

static void found(struct bb_rest *r)
{
	struct smart *smart = r->self;
	const struct bb_json *profile = bb_json_get(r->api->payload(r->call), "charging_profile");
	struct setting *s = bb_zalloc(r->arena, sizeof *s);
	s->charger = *(const struct bb_charger *)r->arg;
	s->profile = bb_build(r->arena);
	for (uint32_t i = 0; i < bb_json_count(profile); i++)
		bb_put(&s->profile, profile->members[i].key, profile->members[i].value);
	r->arg = s;
	struct bb_unit *unit = r->api->begin(smart->bb);
	settle_add(smart, unit, s->charger.charge_point_id);
	const struct bb_val v = bb_i64(s->charger.id);
	if (!bb_json_get(profile, "chargingProfileId"))
		r->api->add(unit, smart->query[Q_NEXT_ID], 1, &v, NULL, NULL);
	bb_rest_commit(r, unit, settled);
}

int set_profile(struct bb_call *call, void *self)
{
	return charger_route(call, self, found);
}

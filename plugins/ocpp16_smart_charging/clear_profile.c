/* DELETE /api/admin/chargers/{id}/charging-profiles/{charging_profile_id}, and POST .../clear */
#include "smart.h"

struct clearing {
	struct smart *smart;
	int64_t profile_id;
};

static void known(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct clearing *c = r->self;
	if (!rows->rows) {
		bb_rest_fail(r, "404", "the charger has no such charging profile");
		return;
	}
	command_later(r, "ClearChargingProfile",
		      bb_json_one(r->arena, "id", bb_json_make_int(c->profile_id)));
}

static void found_for_one(struct bb_rest *r)
{
	const struct clearing *c = r->self;
	const struct bb_charger *charger = r->arg;
	const struct bb_val v[] = {bb_i64(charger->id), bb_i64(c->profile_id)};
	bb_rest_read(r, c->smart->query[Q_PROFILE_IN_FORCE], 2, v, known);
}

int clear_profile(struct bb_call *call, void *self)
{
	struct smart *smart = self;
	struct clearing *c = bb_zalloc(smart->api->arena(call), sizeof *c);
	c->smart = smart;
	if (!bb_path_id(smart->api, call, "charging_profile_id", &c->profile_id))
		return BB_DONE;
	return bb_on_charger(smart->api, smart->bb, smart->chargers, call, c, found_for_one);
}

static void found(struct bb_rest *r)
{
	static const struct {
		const char *name, *ocpp;
	} criteria[] = {
	    {"charging_profile_id", "id"},
	    {"connector_id", "connectorId"},
	    {"purpose", "chargingProfilePurpose"},
	    {"stack_level", "stackLevel"},
	};
	const struct bb_json *body = r->api->payload(r->call);
	struct bb_builder b = bb_build(r->arena);
	for (size_t i = 0; i < sizeof criteria / sizeof *criteria; i++)
		if (bb_json_get(body, criteria[i].name))
			bb_put_json(&b, criteria[i].ocpp, bb_json_get(body, criteria[i].name));
	command_later(r, "ClearChargingProfile", bb_build_object(&b));
}

int clear_profiles(struct bb_call *call, void *self)
{
	return charger_route(call, self, found);
}

#include "core16.h"

static void found(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	struct bb_builder b = bb_build(r->arena);
	if (bb_json_get(body, "connector_id"))
		bb_put_json(&b, "connectorId", bb_json_get(body, "connector_id"));
	bb_put_json(&b, "idTag", bb_json_get(body, "id_tag"));
	if (bb_json_get(body, "charging_profile"))
		bb_put_json(&b, "chargingProfile", bb_json_get(body, "charging_profile"));
	bb_command_charger(r, "RemoteStartTransaction", bb_build_object(&b));
}

/* POST /api/admin/chargers/{id}/remote-start */
int remote_start(struct bb_call *call, void *self)
{
	return charger_route(call, self, found);
}

#include "core16.h"

static void found(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	struct bb_builder b = bb_build(r->arena);
	bb_put_json(&b, "connectorId", bb_json_get(body, "connector_id"));
	bb_put_json(&b, "type", bb_json_get(body, "type"));
	bb_command_charger(r, "ChangeAvailability", bb_build_object(&b));
}

/* POST /api/admin/chargers/{id}/change-availability */
int change_availability(struct bb_call *call, void *self)
{
	return charger_route(call, self, found);
}

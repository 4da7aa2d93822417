/* TriggerMessage: a charger is asked to send a message now. What it sends then is handled as ever,
 * by the plugin that owns it. */
#include "remote_trigger.h"

/* The messages that are about one connector; the others are about the charger. */
static bool knows_connectors(const char *message)
{
	return !strcmp(message, "MeterValues") || !strcmp(message, "StatusNotification");
}

int trigger_message_check(const struct bb_ask *ask, struct bb_arena *a,
			  const struct bb_json **ret_errors, void *self)
{
	const struct bb_json *connector = bb_json_get(ask->payload, "connectorId");
	const char *message = bb_json_get_str(ask->payload, "requestedMessage", "");
	const char *rule = NULL;
	(void)self;
	if (connector && bb_json_int(connector, 0) <= 0)
		rule = "must be greater than 0; without it every connector is meant";
	else if (connector && !knows_connectors(message))
		rule = "goes with MeterValues and StatusNotification only";
	if (!rule)
		return 0;
	*ret_errors = bb_json_fault(a, "connectorId", rule);
	return -EBADMSG;
}

static void found(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *connector = bb_json_get(body, "connector_id");
	struct bb_builder b = bb_build(r->arena);
	bb_put_json(&b, "requestedMessage", bb_json_get(body, "message"));
	if (connector)
		bb_put_json(&b, "connectorId", connector);
	bb_command_charger(r, "TriggerMessage", bb_build_object(&b));
}

/* POST /api/admin/chargers/{id}/trigger */
int trigger_message(struct bb_call *call, void *self)
{
	struct remote_trigger *p = self;
	return bb_on_charger(p->api, p->bb, p->chargers, call, p, found);
}

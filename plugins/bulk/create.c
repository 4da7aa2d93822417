/* POST /api/admin/bulk-commands. */
#include "bulk.h"

static void refuse(const struct bb_api *api, struct bb_call *call, const char *path,
		   const char *rule)
{
	bb_rest_fault(api, call, path, rule);
	api->fail(call, "422", "the command cannot be sent");
}

/* False: the call has been failed. */
static bool check_payload(const struct bb_api *api, struct bb_call *call, const char *action,
			  const struct bb_json *payload)
{
	struct bb_arena *a = api->arena(call);
	const struct bb_json *errors = NULL, *schema;
	const char *name = bb_printf(a, "ocpp1.6/%s", action);
	schema = api->schema(name);
	const char *sender = bb_json_get_str(schema, "x-sender", "");
	if (strcmp(sender, "csms") != 0 && strcmp(sender, "both") != 0) {
		refuse(api, call, "action", "is not an action that a CSMS sends");
		return false;
	}
	if (api->validate(name, payload, a, &errors)) {
		api->set_errors(call, errors);
		api->fail(call, "422", "the payload breaks the action's schema");
		return false;
	}
	if (!strcasecmp(bb_json_get_str(payload, "key", ""), "AuthorizationKey")) {
		refuse(api, call, "payload.key", "would give many chargers one password");
		return false;
	}
	return true;
}

static void on_created(int err, const char *id, void *arg)
{
	struct bb_rest *r = arg;
	if (err == -ENOENT) {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "there is no such operator");
	} else if (err) {
		bb_rest_storage_failed(r, err);
	} else {
		r->api->set_status(r->call, 202);
		r->api->set_header(r->call, "location",
				   bb_printf(r->arena, "/api/admin/bulk-commands/%s", id));
		bulk_show(r, bb_strdup(r->arena, id));
	}
}

int bulk_create(struct bb_call *call, void *self)
{
	struct bulk *p = self;
	const struct bb_api *api = p->api;
	const struct bb_json *body = api->payload(call), *payload = bb_json_get(body, "payload");
	const char *operator_id = bb_rest_operator(api, call);
	if (!operator_id)
		return BB_DONE;
	const struct bb_bulk_order order = {
	    .operator_id = operator_id,
	    .action = bb_json_get_str(body, "action", ""),
	    .payload = payload ? payload : bb_json_empty(api->arena(call)),
	    .selection = bb_json_get(body, "selection"),
	    .requested_by = api->attr(call, "key_name"),
	    .at_once = bb_json_get_int(body, "at_once", 0),
	    .queue = !strcmp(bb_json_get_str(body, "if_offline", "fail"), "queue"),
	    .deadline_ms = bb_json_get(body, "deadline_s")
			       ? api->now_ms() + bb_json_get_int(body, "deadline_s", 0) * 1000
			       : 0,
	};
	if (check_payload(api, call, order.action, order.payload)) {
		struct bb_rest *r = bb_rest_later(api, p->me, call, p);
		bulk_service.create(&order, on_created, r);
		return BB_LATER;
	}
	return BB_DONE;
}

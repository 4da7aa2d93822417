/* Profiles that come by the routes of others are held against what is known of the charger too. */
#include <errno.h>

#include "smart.h"

struct judging {
	struct smart *smart;
	struct bb_arena *arena;
	struct bb_reply *reply;
	enum carrier carrier;
	const struct bb_json *payload;
};

static void on_limits(int err, const struct bb_rows *rows, void *arg)
{
	struct judging *j = arg;
	const struct bb_api *api = j->smart->api;
	const struct bb_json *faults = NULL;
	if (!err && rows->rows) {
		struct limits limits = limits_row(j->arena, rows);
		faults = limits_check(j->arena, j->carrier, j->payload, &limits);
	}
	if (err) {
		api->reject(j->reply, err == -EIO ? "500" : "503", "storage is away; try again");
	} else if (faults) {
		api->set_errors(api->call_of(j->reply), faults);
		api->reject(j->reply, "422", "the charging profile breaks a rule");
	} else {
		api->pass(j->reply);
	}
}

/* What breaks a rule by itself is refused when the command is asked for. */
static int judge(struct smart *smart, struct bb_call *call, enum carrier carrier,
		 const struct bb_json *payload)
{
	const struct bb_api *api = smart->api;
	if (!carried_profile(carrier, payload))
		return BB_PASS;
	struct judging *j = bb_alloc(api->arena(call), sizeof *j);
	*j = (struct judging){smart, api->arena(call), NULL, carrier, payload};
	struct limits_of of = {
	    .charge_point_id = api->attr(call, "charge_point_id"),
	    .operator_id = api->attr(call, "operator_id"),
	};
	struct bb_val v[LIMITS_PARAMS];
	if (!of.charge_point_id && !bb_parse_int(api->attr(call, "id"), &of.charger_id))
		return BB_PASS;
	limits_params(j->arena, &of, carrier, payload, v);
	j->reply = api->defer(call, 0, NULL, NULL);
	if (!j->reply)
		return -EINVAL;
	bb_read(api, smart->bb, smart->query[Q_LIMITS], LIMITS_PARAMS, v, on_limits, j);
	return BB_LATER;
}

int guard_commands(struct bb_call *call, void *self)
{
	const struct bb_json *body = ((struct smart *)self)->api->payload(call);
	const char *action = bb_json_get_str(body, "action", "");
	const struct bb_json *payload = bb_json_get(body, "payload");
	if (!strcmp(action, "SetChargingProfile"))
		return judge(self, call, CARRIER_SET, payload);
	if (!strcmp(action, "RemoteStartTransaction"))
		return judge(self, call, CARRIER_REMOTE_START, payload);
	return BB_PASS;
}

int guard_remote_start(struct bb_call *call, void *self)
{
	struct smart *smart = self;
	const struct bb_json *body = smart->api->payload(call);
	struct bb_builder b = bb_build(smart->api->arena(call));
	if (!bb_json_get(body, "charging_profile"))
		return BB_PASS;
	bb_put_json(&b, "connectorId", bb_json_get(body, "connector_id"));
	bb_put_json(&b, "chargingProfile", bb_json_get(body, "charging_profile"));
	return judge(smart, call, CARRIER_REMOTE_START, bb_build_object(&b));
}

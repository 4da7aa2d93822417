/* Sending commands to chargers: any action that a CSMS may send. */
#include <busbar/command.h>

#include "private.h"

static void send_to(struct bb_rest *r, const struct target *t)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *payload = bb_json_get(body, "payload");
	const struct bb_ask ask = {
	    .charge_point_id = t->charge_point_id,
	    .action = bb_json_get_str(body, "action", ""),
	    .payload = payload ? payload : bb_json_empty(r->arena),
	    .deadline_ms = bb_command_deadline_ms(r->api, body, t->charge_point_id),
	    .queue = bb_command_may_queue(body),
	    .requested_by = r->api->attr(r->call, "key_name"),
	    .operator_id = t->operator_id,
	};
	bb_command_run(r, &ask, bb_command_wait_ms(body));
}

int command_send(struct bb_call *call, void *self)
{
	struct rest *p = self;
	return lookup_charger(p, bb_command_later(p->api, p->me, call, p), NULL, send_to);
}

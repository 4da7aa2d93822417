#include "charger_route.h"

struct lookup {
	struct charger charger; /* first: what rest->arg points to later */
	void (*found)(struct bb_rest *);
};

static void on_charger(struct bb_rest *r, const struct bb_rows *rows)
{
	struct lookup *l = r->arg;
	if (!rows->rows) {
		bb_rest_fail(r, "404", "there is no such charger");
		return;
	}
	l->charger = (struct charger){
	    .id = bb_cell_int(rows, 0, 0, 0),
	    .charge_point_id = bb_strdup(r->arena, bb_cell_text(rows, 0, 1)),
	    .operator_id = bb_strdup(r->arena, bb_cell_text(rows, 0, 2)),
	};
	l->found(r);
}

int charger_route(struct bb_call *call, struct core16 *core, void (*found)(struct bb_rest *))
{
	const struct bb_api *api = core->api;
	int64_t id;
	if (!bb_parse_int(api->attr(call, "id"), &id)) {
		api->fail(call, "404", "there is no such charger");
		return BB_DONE;
	}
	struct bb_rest *r = bb_command_later(api, core->bb, call, core);
	struct lookup *l = bb_alloc(r->arena, sizeof *l);
	l->found = found;
	r->arg = l;
	const struct bb_val v[] = {bb_i64(id), bb_text(api->attr(call, "operator_id"))};
	return bb_rest_read(r, core->query[Q_CHARGER], 2, v, on_charger);
}

void charger_command(struct bb_rest *r, const char *action, const struct bb_json *payload)
{
	const struct charger *c = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const char *key_name = r->api->attr(r->call, "key_name");
	const struct bb_ask ask = {
	    .charge_point_id = c->charge_point_id,
	    .action = action,
	    .payload = payload,
	    .queue = bb_command_may_queue(body),
	    .requested_by = key_name ? key_name : "rest",
	    .operator_id = c->operator_id,
	};
	bb_command_run(r, &ask, bb_command_wait_ms(body));
}

/* POST /api/admin/bulk-commands: the row, then the selected chargers page by page, then it runs. */
#include "bulk.h"

#define PAGE 500
#define AT_ONCE 50
#define DEADLINE_S 3600

struct creation {
	const char *id, *operator_id, *action;
	const struct bb_json *payload, *selection;
	int64_t at_once, deadline_ms, after_id;
	bool queue;
};

static void read_page(struct bb_rest *r);

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

static void on_running(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct creation *c = r->arg;
	(void)rows;
	run_add(r->self, c->id, c->operator_id, c->action, c->payload, c->at_once, c->queue,
		c->deadline_ms);
	r->api->set_status(r->call, 202);
	r->api->set_header(r->call, "location",
			   bb_printf(r->arena, "/api/admin/bulk-commands/%s", c->id));
	bulk_show(r, c->id);
}

static void on_page_stored(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	read_page(r);
}

static void on_page(int err, const struct bb_charger *list, uint32_t n, void *arg)
{
	struct bb_rest *r = arg;
	struct bulk *p = r->self;
	struct creation *c = r->arg;
	if (err) {
		bb_rest_storage_failed(r, err);
		return;
	}
	struct bb_unit *unit = r->api->begin(p->me);
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_val v[] = {bb_text(c->id), bb_i64(list[i].id),
					   bb_text(list[i].charge_point_id)};
		r->api->add(unit, p->q[Q_INSERT_CHARGER], 3, v, NULL, NULL);
		c->after_id = list[i].id;
	}
	const struct bb_val id = bb_text(c->id);
	if (n < PAGE)
		r->api->add(unit, p->q[Q_BEGIN], 1, &id, NULL, NULL);
	bb_rest_commit(r, unit, n < PAGE ? on_running : on_page_stored);
}

static void read_page(struct bb_rest *r)
{
	const struct bulk *p = r->self;
	const struct creation *c = r->arg;
	p->chargers->select(c->selection, c->operator_id, c->after_id, PAGE, on_page, r);
}

static void on_inserted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows) {
		read_page(r);
		return;
	}
	bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
	bb_rest_fail(r, "422", "there is no such operator");
}

static struct creation *creation_of(const struct bb_api *api, struct bb_call *call,
				    const char *operator_id)
{
	struct bb_arena *a = api->arena(call);
	const struct bb_json *body = api->payload(call), *payload = bb_json_get(body, "payload");
	struct creation *c = bb_zalloc(a, sizeof *c);
	*c = (struct creation){
	    .id = api->new_id(a),
	    .operator_id = operator_id,
	    .action = bb_json_get_str(body, "action", ""),
	    .payload = payload ? payload : bb_json_empty(a),
	    .selection = bb_json_get(body, "selection"),
	    .at_once = bb_json_get_int(body, "at_once", AT_ONCE),
	    .queue = !strcmp(bb_json_get_str(body, "if_offline", "fail"), "queue"),
	    .deadline_ms = api->now_ms() + bb_json_get_int(body, "deadline_s", DEADLINE_S) * 1000,
	};
	return c;
}

int bulk_create(struct bb_call *call, void *self)
{
	struct bulk *p = self;
	const struct bb_api *api = p->api;
	const char *operator_id = bb_rest_operator(api, call);
	if (!operator_id)
		return BB_DONE;
	struct creation *c = creation_of(api, call, operator_id);
	if (!check_payload(api, call, c->action, c->payload))
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(api, p->me, call, p);
	r->arg = c;
	const struct bb_val v[] = {
	    bb_text(c->id),
	    bb_text(operator_id),
	    bb_text(c->action),
	    bb_text(api->json_write(r->arena, c->payload, NULL)),
	    bb_text(api->json_write(r->arena, c->selection, NULL)),
	    bb_i64(c->at_once),
	    bb_text(c->queue ? "queue" : "fail"),
	    bb_text(api->attr(call, "key_name")),
	    bb_now(api, r->arena),
	    bb_time(api, r->arena, c->deadline_ms),
	};
	return bb_rest_write(r, p->q[Q_INSERT], sizeof v / sizeof *v, v, on_inserted);
}

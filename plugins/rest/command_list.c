/* What became of commands. */
#include <busbar/secrets.h>

#include "private.h"

/* What waits has its secrets in its row until it is sent. */
static struct bb_json payload_json(const struct bb_api *api, struct bb_arena *a,
				   const struct bb_val *v)
{
	const struct bb_json payload = bb_cell_parsed(api, a, v);
	return *bb_secrets_hidden(a, &payload);
}

/* From the column `id` on; the payloads are JSON in text, the last two columns the error. */
static const struct bb_json *command_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					  uint32_t from, const struct bb_api *api)
{
	struct bb_builder b = bb_build(a);
	uint32_t code = r->columns - 2;
	for (uint32_t c = from; c < code; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		bool json = !strcmp(r->names[c], "payload") || !strcmp(r->names[c], "response");
		bb_put(&b, bb_strdup(a, r->names[c]),
		       json ? payload_json(api, a, v) : bb_cell_json(a, v));
	}
	bb_put(&b, "error", error_json(a, bb_cell(r, row, code), bb_cell(r, row, code + 1)));
	return bb_build_object(&b);
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	return command_json(a, r, row, 1, arg);
}

static void list_of(struct bb_rest *r, const struct target *t)
{
	const struct rest *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = bb_text(t->charge_point_id);
	list->v[1] = bb_text(t->operator_id);
	bb_list_read(r, list, p->q[Q_COMMAND_LIST], item, (void *)r->api);
}

int command_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"action", BB_BY_TEXT}, {"state", BB_BY_TEXT}, {"cursor", BB_BY_TEXT, bb_is_id}};
	struct rest *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 3);
	if (!list)
		return BB_DONE;
	return lookup_charger(p, bb_rest_later(p->api, p->me, call, p), list, list_of);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, command_json(r->arena, rows, 0, 0, r->api));
}

int command_get(struct bb_call *call, void *self)
{
	struct rest *p = self;
	struct bb_val v[] = {bb_text(p->api->attr(call, "id")),
			     bb_text(p->api->attr(call, "operator_id"))};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "command", p->q[Q_COMMAND_GET], 2,
			   v, show);
}

/* The message log: of one charger by its id, of one by its identity, of all. */
#include "private.h"

static const struct bb_filter filters[] = {
    {"direction", BB_BY_TEXT}, {"action", BB_BY_TEXT}, {"message_id", BB_BY_TEXT},
    {"from", BB_BY_TIME},      {"to", BB_BY_TIME},     {"cursor", BB_BY_INT},
};
#define FILTERS (sizeof filters / sizeof *filters)

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		if (!strcmp(r->names[c], "payload"))
			bb_put(&b, "payload", bb_cell_parsed(arg, a, v));
		else if (!strcmp(r->names[c], "error_code"))
			bb_put(&b, "error", error_json(a, v, bb_cell(r, row, ++c)));
		else
			bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, v));
	}
	return bb_build_object(&b);
}

/* The operator and the charge point, as far as the request names them, and the filters. */
static struct bb_list *messages(struct rest *p, struct bb_call *call)
{
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, FILTERS);
	if (!list)
		return NULL;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	list->v[1] = bb_text(p->api->attr(call, "charge_point_id"));
	return list;
}

static int read_list(const struct rest *p, struct bb_rest *r, struct bb_list *list)
{
	return bb_list_read(r, list, p->q[Q_MESSAGE_LIST], item, (void *)r->api);
}

/* Of all chargers, or of the one that the path names by its identity. */
int log_list(struct bb_call *call, void *self)
{
	struct rest *p = self;
	struct bb_list *list = messages(p, call);
	return list ? read_list(p, bb_rest_later(p->api, p->me, call, p), list) : BB_DONE;
}

static void list_of(struct bb_rest *r, const struct target *t)
{
	struct bb_list *list = r->arg;
	list->v[1] = bb_text(t->charge_point_id);
	read_list(r->self, r, list);
}

int message_list(struct bb_call *call, void *self)
{
	struct rest *p = self;
	struct bb_list *list = messages(p, call);
	if (!list)
		return BB_DONE;
	return lookup_charger(p, bb_rest_later(p->api, p->me, call, p), list, list_of);
}

/* GET /api/admin/tasks: durable jobs, the dead ones among them. */
#include "private.h"

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		bb_put(&b, bb_strdup(a, r->names[c]),
		       strcmp(r->names[c], "payload") ? bb_cell_json(a, v)
						      : stored_json(arg, a, v));
	}
	return bb_build_object(&b);
}

static void show_list(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, bb_page(r->arena, rows, *(int64_t *)r->arg, item, (void *)r->api));
}

int task_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"name", BB_BY_TEXT}, {"cursor", BB_BY_TEXT}};
	struct rest *p = self;
	struct bb_val v[5];
	int64_t *limit = bb_alloc(p->api->arena(call), sizeof *limit);
	if (!bb_filters(p->api, call, filters, 3, &v[1], limit))
		return BB_DONE;
	v[0] = bb_text(p->api->attr(call, "operator_id"));
	v[4] = bb_i64(*limit + 1);
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = limit;
	return bb_rest_read(r, p->q[Q_TASK_LIST], 5, v, show_list);
}

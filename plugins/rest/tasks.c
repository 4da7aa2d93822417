/* GET /api/admin/tasks: durable jobs, the dead ones among them. */
#include "private.h"

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct rest *p = arg;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		bb_put(&b, bb_strdup(a, r->names[c]),
		       strcmp(r->names[c], "payload") ? bb_cell_json(a, v)
						      : bb_cell_parsed(p->api, a, v));
	}
	return bb_build_object(&b);
}

int task_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"name", BB_BY_TEXT}, {"cursor", BB_BY_TEXT}};
	struct rest *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_TASK_LIST], filters,
			    sizeof filters / sizeof *filters, item);
}

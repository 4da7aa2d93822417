/* Durable jobs: those that are dead may be tried again. */
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
	    {"state", BB_BY_TEXT}, {"name", BB_BY_TEXT}, {"cursor", BB_BY_TEXT, bb_is_id}};
	struct rest *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_TASK_LIST], filters,
			    sizeof filters / sizeof *filters, item);
}

static void tried_again(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_done(r, item(r->arena, rows, 0, r->self));
	else
		bb_rest_fail(r, "409", "only a dead task is tried again");
}

static void try_again(struct bb_rest *r, const struct bb_rows *rows)
{
	struct rest *p = r->self;
	const char *state = bb_cell_text(rows, 0, 0);
	r->api->set_attr(r->call, "before",
			 r->api->json_write(r->arena,
					    bb_json_one(r->arena, "state", bb_json_make_str(state)),
					    NULL));
	struct bb_val v[] = {bb_text(r->api->attr(r->call, "id")), bb_now(r->api, r->arena)};
	bb_rest_write(r, p->q[Q_TASK_AGAIN], 2, v, tried_again);
}

int task_retry(struct bb_call *call, void *self)
{
	struct rest *p = self;
	struct bb_val v[] = {bb_text(p->api->attr(call, "id")),
			     bb_text(p->api->attr(call, "operator_id"))};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "task", p->q[Q_TASK_FIND], 2, v,
			   try_again);
}

/* GET /api/admin/tokens and /api/admin/tokens/{id_tag}. */
#include <busbar/id_tag.h>

#include "authorization.h"

/* All columns from `from` on but the last, the key. */
const struct bb_json *token_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				 uint32_t from)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = from; c + 1 < r->columns; c++)
		bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, bb_cell(r, row, c)));
	return bb_build_object(&b);
}

void token_show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = token_json(r->arena, rows, 0, 1);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	(void)arg;
	return token_json(a, r, row, 2); /* behind the cursor and the row's id */
}

int token_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"id_tag", BB_BY_TEXT}, {"parent_id_tag", BB_BY_TEXT}, {"user_id", BB_BY_TEXT},
	    {"status", BB_BY_TEXT}, {"type", BB_BY_TEXT},          {"cursor", BB_BY_INT}};
	struct authorization *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters,
			    sizeof filters / sizeof *filters, item);
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_fn **step = r->arg;
	if (rows->rows > 1)
		bb_rest_fail(r, "409",
			     "several operators have this token; name one by ?operator_id=");
	else
		(*step)(r, rows);
}

int token_find(struct bb_call *call, struct authorization *p, bb_rest_fn *step)
{
	const char *own = p->api->attr(call, "operator_id");
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct bb_val v[] = {bb_text(bb_id_tag_key(r->arena, p->api->attr(call, "id_tag"))),
			     bb_text(own ? own : p->api->param(call, "operator_id"))};
	bb_rest_fn **kept = bb_alloc(r->arena, sizeof(bb_rest_fn *));
	*kept = step;
	r->arg = kept;
	return bb_rest_one(r, "token", p->q[Q_FIND], 2, v, found);
}

int token_get(struct bb_call *call, void *self)
{
	return token_find(call, self, token_show);
}

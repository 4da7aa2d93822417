#include "private.h"

struct lookup {
	target_fn *step;
	void *arg; /* the caller's */
};

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct lookup *l = r->arg;
	r->arg = l->arg;
	const struct target t = {bb_strdup(r->arena, bb_cell_text(rows, 0, 0)),
				 bb_strdup(r->arena, bb_cell_text(rows, 0, 1)),
				 bb_cell_int(rows, 0, 2, 0)};
	l->step(r, &t);
}

int lookup_charger(struct rest *p, struct bb_rest *r, void *arg, target_fn *step)
{
	struct lookup *l = bb_alloc(r->arena, sizeof *l);
	*l = (struct lookup){step, arg};
	r->arg = l;
	const char *identity = p->api->attr(r->call, "charge_point_id");
	struct bb_val v[] = {bb_text(identity), bb_text(p->api->attr(r->call, "operator_id"))};
	if (identity)
		return bb_rest_one(r, "charger", p->q[Q_CHARGER_BY_IDENTITY], 2, v, found);
	int64_t id;
	if (!bb_parse_int(p->api->attr(r->call, "id"), &id)) {
		bb_rest_fail(r, "404", "there is no such charger");
		return BB_LATER;
	}
	v[0] = bb_i64(id);
	return bb_rest_one(r, "charger", p->q[Q_CHARGER_BY_ID], 2, v, found);
}

struct bb_json error_json(struct bb_arena *a, const struct bb_val *code,
			  const struct bb_val *detail)
{
	if (code->type == BB_NULL && detail->type == BB_NULL)
		return bb_json_make_null();
	struct bb_builder b = bb_build(a);
	bb_put(&b, "code", bb_cell_json(a, code));
	bb_put(&b, "detail", bb_cell_json(a, detail));
	return *bb_build_object(&b);
}

/* GET and PUT of /api/admin/operators/{id}/authorization. */
#include "authorization.h"

static const struct bb_json *settings_json(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a);
	bb_put_row(&b, rows, 0, 0);
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = settings_json(r->arena, rows);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

/* The settings of the operator that the path names, if the key may know of it. */
static int find(struct bb_call *call, struct authorization *p, bb_rest_fn *step)
{
	const char *own = p->api->attr(call, "operator_id"), *id = p->api->attr(call, "id");
	if (own && strcmp(own, id) != 0) {
		p->api->fail(call, "404", "there is no such operator");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	const struct bb_val v = bb_text(id);
	return bb_rest_one(r, "operator", p->q[Q_SETTINGS], 1, &v, step);
}

int settings_get(struct bb_call *call, void *self)
{
	return find(call, self, show);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	if (rows->rows)
		bb_rest_one(r, "operator", p->q[Q_SETTINGS], 1, bb_cell(rows, 0, 0), show);
	else
		bb_rest_fail(r, "412", "the settings have changed since the version in If-Match");
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	const struct bb_json *before = settings_json(r->arena, rows);
	bb_set_before(r->api, r->call, before);
	const struct bb_val v[] = {
	    *bb_cell(rows, 0, 0),
	    bb_changed_at(r->api, r->arena, before),
	    member_or(r, before, "unknown"),
	    member_or(r, before, "max_active"),
	    r->if_match,
	};
	bb_rest_write(r, p->q[Q_SETTINGS_PUT], sizeof v / sizeof *v, v, stored);
}

int settings_put(struct bb_call *call, void *self)
{
	return find(call, self, put_over);
}

#include "named.h"

const char *named_operator(const struct bb_api *api, struct bb_call *call)
{
	const char *own = api->attr(call, "operator_id"), *asked = api->param(call, "operator_id");
	return own ? own : asked ? asked : "default";
}

struct bb_rest *named_begin(struct bb_call *call, struct notify *p, const struct named_kind *kind)
{
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct named *n = bb_alloc(r->arena, sizeof *n);
	*n = (struct named){
	    .kind = kind,
	    .operator_id = named_operator(p->api, call),
	    .name = p->api->attr(call, kind->part),
	};
	r->arg = n;
	return r;
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = row_json(r->self, r->arena, rows, 0);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

static int find(struct bb_rest *r, bb_rest_fn *step)
{
	const struct named *n = r->arg;
	const struct notify *p = r->self;
	const struct bb_val v[] = {bb_text(n->operator_id), bb_text(n->name)};
	return bb_rest_one(r, n->kind->thing, p->q[n->kind->get], 2, v, step);
}

int named_get(struct bb_call *call, struct notify *p, const struct named_kind *kind)
{
	return find(named_begin(call, p, kind), show);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct named *n = r->arg;
	const struct notify *p = r->self;
	const struct bb_val v[] = {bb_text(n->operator_id), bb_text(n->name)};
	bb_set_before(r->api, r->call, row_json(p, r->arena, rows, 0));
	bb_rest_write(r, p->q[n->kind->remove], 2, v, deleted);
}

int named_delete(struct bb_call *call, struct notify *p, const struct named_kind *kind)
{
	return find(named_begin(call, p, kind), delete_found);
}

static void write_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct named *n = r->arg;
	n->before = rows->rows ? row_json(r->self, r->arena, rows, 0) : NULL;
	bb_rest_changing(r, n->before);
	n->write(r, NULL);
}

int named_change(struct bb_rest *r, bb_rest_fn *write)
{
	struct named *n = r->arg;
	const struct notify *p = r->self;
	const struct bb_val v[] = {bb_text(n->operator_id), bb_text(n->name)};
	n->write = write;
	return bb_rest_one(r, NULL, p->q[n->kind->get], 2, v, write_over);
}

static void written(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct named *n = r->arg;
	if (rows->rows)
		find(r, show);
	else if (r->if_match.type != BB_NULL || bb_rest_assumes(r))
		bb_rest_stale(r, bb_printf(r->arena,
					   "the %s has changed since the version in If-Match",
					   n->kind->thing));
	else
		refuse(r, "operator_id", "names no operator");
}

void named_write(struct bb_rest *r, uint32_t n, struct bb_val *v)
{
	const struct named *it = r->arg;
	const struct notify *p = r->self;
	v[0] = bb_text(it->operator_id);
	v[1] = bb_text(it->name);
	v[n - 3] = bb_changed_at(r->api, r->arena, it->before);
	v[n - 2] = r->if_match;
	v[n - 1] = bb_rest_first(r);
	bb_rest_write(r, p->q[it->kind->put], n, v, written);
}

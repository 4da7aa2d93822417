/* What there is, over REST. */
#include "scripts.h"

int script_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"operator_id", BB_BY_TEXT}, {"name", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct scripts *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_SCRIPT_LIST], filters, 3, NULL);
}

int failure_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"operator_id", BB_BY_TEXT}, {"hook", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct scripts *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_FAILURE_LIST], filters, 3, NULL);
}

/* The functions that are hooks stand for all of them. */
static const struct bb_json *activation_json(struct bb_arena *a, const struct bb_rows *r,
					     uint32_t row, void *self)
{
	const struct scripts *p = self;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++) {
		if (strcmp(r->names[c], "functions") != 0) {
			bb_put_column(&b, r, row, c);
			continue;
		}
		const struct bb_json functions = bb_cell_parsed(p->api, a, bb_cell(r, row, c));
		bb_put_json(&b, "hooks", hooks_named(a, &functions));
	}
	return bb_build_object(&b);
}

int activation_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"operator_id", BB_BY_TEXT},
						   {"cursor", BB_BY_INT}};
	struct scripts *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_ACTIVATION_LIST], filters, 2,
			    activation_json);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, *(const uint32_t *)r->arg);
	bb_rest_done(r, bb_build_object(&b));
}

int script_get(struct bb_call *call, void *self)
{
	static uint32_t from = 1;
	struct scripts *p = self;
	return bb_rest_find(p->api, p->me, call, p, "script", p->q[Q_SCRIPT_GET], show, &from);
}

int version_get(struct bb_call *call, void *self)
{
	static uint32_t from = 0;
	struct scripts *p = self;
	int64_t id, version;
	if (!bb_path_id(p->api, call, "id", &id) || !bb_path_id(p->api, call, "version", &version))
		return BB_DONE;
	const struct bb_val v[] = {bb_i64(id), bb_text(p->api->attr(call, "operator_id")),
				   bb_i64(version)};
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = &from;
	return bb_rest_one(r, "version", p->q[Q_VERSION_GET], 3, v, show);
}

static void read_versions(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct scripts *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_VERSION_LIST], NULL, NULL);
}

int version_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct scripts *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	if (!list)
		return BB_DONE;
	return bb_rest_find(p->api, p->me, call, p, "script", p->q[Q_SCRIPT_GET], read_versions,
			    list);
}

/* GET /api/admin/tariffs, one of them, and its versions. */
#include "tariffs.h"

/* One column as JSON: flags are truth values, settings an object. */
static struct bb_json column(const struct tariffs *p, struct bb_arena *a, const struct bb_rows *r,
			     uint32_t row, uint32_t c)
{
	if (!strcmp(r->names[c], "active"))
		return bb_json_make_bool(bb_cell_int(r, row, c, 0) != 0);
	if (!strcmp(r->names[c], "settings"))
		return *run_settings(p, a, bb_cell_text(r, row, c));
	return bb_cell_json(a, bb_cell(r, row, c));
}

/* All columns behind the cursor. */
const struct bb_json *tariff_json(const struct tariffs *p, struct bb_arena *a,
				  const struct bb_rows *r, uint32_t row, bool with_source)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++)
		if (with_source || strcmp(r->names[c], "source") != 0)
			bb_put(&b, bb_strdup(a, r->names[c]), column(p, a, r, row, c));
	return bb_build_object(&b);
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	return tariff_json(arg, a, r, row, false);
}

static const struct bb_json *version_item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					  void *arg)
{
	return tariff_json(arg, a, r, row, true);
}

int tariff_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"name", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct tariffs *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters,
			    sizeof filters / sizeof *filters, item);
}

void tariff_show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = tariff_json(r->self, r->arena, rows, 0, true);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

int tariff_find(struct bb_call *call, struct tariffs *p, bb_rest_fn *step, void *arg)
{
	return bb_rest_find(p->api, p->me, call, p, "tariff", p->q[Q_GET], step, arg);
}

int tariff_get(struct bb_call *call, void *self)
{
	return tariff_find(call, self, tariff_show, NULL);
}

static void read_versions(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct tariffs *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_VERSIONS], version_item, r->self);
}

int tariff_versions(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct tariffs *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	return list ? tariff_find(call, p, read_versions, list) : BB_DONE;
}

/* GET /api/admin/chargers/{id}/charging-profiles, and what is known of the charger's limits. */
#include "smart.h"

static const struct bb_filter filters[] = {
    {"state", BB_BY_TEXT},       {"purpose", BB_BY_TEXT},
    {"connector_id", BB_BY_INT}, {"charging_profile_id", BB_BY_INT},
    {"cursor", BB_BY_INT},
};
#define FILTERS (sizeof filters / sizeof *filters)

/* Read when the request came, kept until the charger is found. */
struct page {
	struct smart *smart;
	int64_t limit;
	struct bb_val v[FILTERS + 2]; /* the charger, the filters, one more than the limit */
};

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct bb_api *api = arg;
	uint32_t last = r->columns - 1;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < last; c++)
		bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, bb_cell(r, row, c)));
	const char *text = bb_cell_text(r, row, last);
	const struct bb_json *profile = NULL;
	api->json_parse(a, text, strlen(text), &profile, NULL);
	bb_put_json(&b, "charging_profile", profile);
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct page *page = r->arg;
	bb_rest_done(r, bb_page(r->arena, rows, page->limit, item, (void *)r->api));
}

static void found(struct bb_rest *r)
{
	struct page *page = r->self;
	struct smart *smart = page->smart;
	const struct bb_charger *c = r->arg;
	struct bb_unit *unit = r->api->begin(smart->bb);
	page->v[0] = bb_i64(c->id);
	settle_add(smart, unit, c->charge_point_id);
	r->api->add(unit, smart->query[Q_PROFILE_LIST], FILTERS + 2, page->v, NULL, NULL);
	r->arg = page;
	bb_rest_commit(r, unit, show);
}

int list_profiles(struct bb_call *call, void *self)
{
	struct smart *smart = self;
	const struct bb_api *api = smart->api;
	struct page *page = bb_zalloc(api->arena(call), sizeof *page);
	page->smart = smart;
	if (!bb_filters(api, call, filters, FILTERS, &page->v[1], &page->limit))
		return BB_DONE;
	page->v[FILTERS + 1] = bb_i64(page->limit + 1);
	return bb_on_charger(api, smart->bb, smart->chargers, call, page, found);
}

static void show_keys(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder items = bb_build(r->arena);
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder b = bb_build(r->arena);
		bb_put_row(&b, rows, i, 0);
		bb_push(&items, *bb_build_object(&b));
	}
	bb_rest_done(r, bb_page_of(r->arena, bb_build_array(&items), NULL));
}

static void keys_found(struct bb_rest *r)
{
	const struct smart *smart = r->self;
	const struct bb_charger *c = r->arg;
	const struct bb_val v = bb_i64(c->id);
	bb_rest_read(r, smart->query[Q_KEY_LIST], 1, &v, show_keys);
}

/* GET /api/admin/chargers/{id}/charging-limits */
int list_keys(struct bb_call *call, void *self)
{
	return charger_route(call, self, keys_found);
}

/* The message log: of one charger by its id, of one by its identity, of all. */
#include "private.h"

static const struct bb_filter filters[] = {
    {"direction", BB_BY_TEXT}, {"action", BB_BY_TEXT}, {"message_id", BB_BY_TEXT},
    {"from", BB_BY_TIME},      {"to", BB_BY_TIME},     {"cursor", BB_BY_INT},
};
#define FILTERS (sizeof filters / sizeof *filters)

/* The query's parameters: operator, charge point, the filters, limit. */
struct page {
	int64_t limit;
	struct bb_val v[FILTERS + 3];
};

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		if (!strcmp(r->names[c], "payload"))
			bb_put(&b, "payload", stored_json(arg, a, v));
		else if (!strcmp(r->names[c], "error_code"))
			bb_put(&b, "error", error_json(a, v, bb_cell(r, row, ++c)));
		else
			bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, v));
	}
	return bb_build_object(&b);
}

static void show_list(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct page *page = r->arg;
	bb_rest_done(r, bb_page(r->arena, rows, page->limit, item, (void *)r->api));
}

/* NULL: a filter is malformed and the call has been failed. */
static struct page *page_of(struct rest *p, struct bb_call *call)
{
	struct page *page = bb_alloc(p->api->arena(call), sizeof *page);
	if (!bb_filters(p->api, call, filters, FILTERS, &page->v[2], &page->limit))
		return NULL;
	page->v[0] = bb_text(p->api->attr(call, "operator_id"));
	page->v[1] = bb_text(p->api->attr(call, "charge_point_id"));
	page->v[FILTERS + 2] = bb_i64(page->limit + 1);
	return page;
}

static int read_page(struct rest *p, struct bb_rest *r, struct page *page)
{
	r->arg = page;
	return bb_rest_read(r, p->q[Q_MESSAGE_LIST], FILTERS + 3, page->v, show_list);
}

/* Of all chargers, or of the one that the path names by its identity. */
int log_list(struct bb_call *call, void *self)
{
	struct page *page = page_of(self, call);
	struct rest *p = self;
	return page ? read_page(p, bb_rest_later(p->api, p->me, call, p), page) : BB_DONE;
}

static void list_of(struct bb_rest *r, const struct target *t)
{
	struct page *page = r->arg;
	page->v[1] = bb_text(t->charge_point_id);
	read_page(r->self, r, page);
}

int message_list(struct bb_call *call, void *self)
{
	struct rest *p = self;
	struct page *page = page_of(p, call);
	if (!page)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = page;
	return lookup_charger(p, r, list_of);
}

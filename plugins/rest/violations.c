/* What a charger does otherwise than it should, and what was repaired of it: counts by kind. */
#include "private.h"

static const struct bb_filter filters[] = {
    {"kind", BB_BY_TEXT},
    {"action", BB_BY_TEXT},
    {"cursor", BB_BY_INT},
};
#define FILTERS (sizeof filters / sizeof *filters)

/* The query's parameters: charger, operator, the filters, limit. */
struct page {
	int64_t limit;
	struct bb_val v[FILTERS + 3];
};

static void show_list(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct page *page = r->arg;
	bb_rest_done(r, bb_page(r->arena, rows, page->limit, NULL, NULL));
}

static void list_of(struct bb_rest *r, const struct target *t)
{
	struct rest *p = r->self;
	struct page *page = r->arg;
	page->v[0] = bb_i64(t->id);
	page->v[1] = bb_text(t->operator_id);
	bb_rest_read(r, p->q[Q_VIOLATION_LIST], FILTERS + 3, page->v, show_list);
}

int violation_list(struct bb_call *call, void *self)
{
	struct rest *p = self;
	struct page *page = bb_alloc(p->api->arena(call), sizeof *page);
	if (!bb_filters(p->api, call, filters, FILTERS, &page->v[2], &page->limit))
		return BB_DONE;
	page->v[FILTERS + 2] = bb_i64(page->limit + 1);
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = page;
	return lookup_charger(p, r, list_of);
}

static void reset_done(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void reset(struct bb_rest *r, const struct target *t)
{
	struct rest *p = r->self;
	struct bb_val v[] = {bb_i64(t->id)};
	bb_rest_write(r, p->q[Q_VIOLATIONS_RESET], 1, v, reset_done);
}

int violations_reset(struct bb_call *call, void *self)
{
	struct rest *p = self;
	return lookup_charger(p, bb_rest_later(p->api, p->me, call, p), reset);
}

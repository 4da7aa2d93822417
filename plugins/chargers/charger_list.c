/* GET /api/admin/chargers and /api/admin/chargers/{id}. */
#include "chargers.h"

#include <stdio.h>

/* A page on its way: its chargers as far as they are known, then their connectors. */
struct page {
	int64_t limit;
	uint32_t count;
	struct page_item {
		int64_t id;
		struct bb_builder b;
	} * items;
	const char *next;
};

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct page *page = r->arg;
	struct bb_builder items = bb_build(r->arena);
	uint32_t row = 0;
	for (uint32_t i = 0; i < page->count; i++) {
		struct page_item *item = &page->items[i];
		bb_put_json(&item->b, "connectors",
			    live_connectors(r->arena, rows, &row, item->id, 1));
		bb_push(&items, *bb_build_object(&item->b));
	}
	bb_rest_done(r, bb_page_of(r->arena, bb_build_array(&items), page->next));
}

/* "7,8,12" */
static struct bb_val ids(struct bb_arena *a, const struct page *page)
{
	static const size_t longest = sizeof "-9223372036854775808,";
	char *text = bb_alloc(a, page->count * longest + 1), *at = text;
	*at = '\0';
	for (uint32_t i = 0; i < page->count; i++)
		at += snprintf(at, longest, "%s%lld", i ? "," : "", (long long)page->items[i].id);
	return bb_text(text);
}

static void with_chargers(struct bb_rest *r, const struct bb_rows *rows)
{
	struct chargers *p = r->self;
	struct page *page = r->arg;
	struct live_columns columns = live_columns(r->arena, rows);
	bool more = rows->rows > page->limit;
	page->count = more ? (uint32_t)page->limit : rows->rows;
	page->items = bb_alloc(r->arena, page->count * sizeof *page->items);
	for (uint32_t i = 0; i < page->count; i++) {
		struct page_item *item = &page->items[i];
		*item = (struct page_item){bb_cell_int(rows, i, 0, 0), bb_build(r->arena)};
		live_put(p, &item->b, &columns, rows, i);
	}
	if (more)
		page->next = bb_cursor(r->arena, bb_cell(rows, page->count - 1, 0));
	struct bb_val v[] = {ids(r->arena, page)};
	bb_rest_read(r, p->q[Q_CHARGER_LIST_CONNECTORS], 1, v, show);
}

int charger_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"charge_point_id", BB_BY_TEXT}, {"station_id", BB_BY_INT},
	    {"registration", BB_BY_TEXT},    {"vendor", BB_BY_TEXT},
	    {"model", BB_BY_TEXT},           {"cursor", BB_BY_INT},
	};
	struct chargers *p = self;
	struct bb_val v[8];
	struct page *page = bb_zalloc(p->api->arena(call), sizeof *page);
	if (!bb_filters(p->api, call, filters, 6, &v[1], &page->limit))
		return BB_DONE;
	v[0] = bb_text(p->api->attr(call, "operator_id"));
	v[7] = bb_i64(page->limit + 1);
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = page;
	return bb_rest_read(r, p->q[Q_CHARGER_LIST], 8, v, with_chargers);
}

int charger_get(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	return bb_rest_find(p->api, p->me, call, p, "charger", p->q[Q_CHARGER_GET], live_show_one,
			    NULL);
}

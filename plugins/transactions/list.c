/* Lists of transactions with totals: of all, or of one user. */
#include "transactions.h"

static const struct bb_filter filters[] = {
    {"charger", BB_BY_TEXT}, {"connector", BB_BY_INT}, {"id_tag", BB_BY_TEXT},
    {"user", BB_BY_TEXT},    {"state", BB_BY_TEXT},    {"from", BB_BY_TIME},
    {"to", BB_BY_TIME},      {"cursor", BB_BY_INT},
};
#define FILTERS (sizeof filters / sizeof *filters)

/* The queries' parameters. Totals take those before the cursor. */
enum {
	OPERATOR,
	CHARGER_ID,
	FIRST_FILTER,
	CHARGER = FIRST_FILTER,
	USER = 5,
	CURSOR = 9,
	LIMIT,
	ALL
};

struct page {
	int64_t limit;
	struct bb_val v[ALL];
	const struct bb_json *totals;
};

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	transaction_put(arg, &b, r, row);
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct page *page = r->arg;
	const struct bb_json *list = bb_page(r->arena, rows, page->limit, item, (void *)r->api);
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i < list->len; i++)
		bb_put(&b, list->members[i].key, list->members[i].value);
	if (page->totals)
		bb_put_json(&b, "totals", page->totals);
	bb_rest_done(r, bb_build_object(&b));
}

static const struct bb_json *totals_json(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a), amounts = bb_build(a);
	int64_t count = 0, energy_wh = 0;
	for (uint32_t i = 0; i < rows->rows; i++) {
		count += bb_cell_int(rows, i, 1, 0);
		energy_wh += bb_cell_int(rows, i, 2, 0);
		if (bb_cell(rows, i, 0)->type != BB_NULL)
			bb_push(&amounts,
				bb_money_json(a, bb_cell(rows, i, 3), bb_cell(rows, i, 0)));
	}
	bb_put_int(&b, "count", count);
	bb_put_int(&b, "energy_wh", energy_wh);
	bb_put_json(&b, "amount", bb_build_array(&amounts));
	return bb_build_object(&b);
}

static void with_totals(struct bb_rest *r, const struct bb_rows *rows)
{
	struct transactions *p = r->self;
	struct page *page = r->arg;
	page->totals = totals_json(r->arena, rows);
	bb_rest_read(r, p->q[Q_LIST], ALL, page->v, show);
}

/* Are all of them asked for, or all of one operator? */
static bool is_whole(const struct page *page)
{
	for (int i = FIRST_FILTER; i < CURSOR; i++)
		if (page->v[i].type != BB_NULL)
			return false;
	return true;
}

/* The first page has totals, others do not: summing up may cost more than a page does. */
static int read_page(struct bb_rest *r, struct transactions *p, const struct page *page)
{
	if (p->api->attr(r->call, "items_only") || page->v[CURSOR].type != BB_NULL)
		return bb_rest_read(r, p->q[Q_LIST], ALL, page->v, show);
	if (p->kept_totals && is_whole(page))
		return bb_rest_read(r, p->kept_totals, 1, page->v, with_totals);
	return bb_rest_read(r, p->q[Q_TOTALS], CURSOR, page->v, with_totals);
}

static int list(struct transactions *p, struct bb_call *call, const char *user)
{
	struct page *page = bb_zalloc(p->api->arena(call), sizeof *page);
	if (!bb_filters(p->api, call, filters, FILTERS, &page->v[FIRST_FILTER], &page->limit))
		return BB_DONE;
	page->v[OPERATOR] = bb_text(p->api->attr(call, "operator_id"));
	page->v[LIMIT] = bb_i64(page->limit + 1);
	if (user)
		page->v[USER] = bb_text(user);
	int64_t id;
	page->v[CHARGER_ID] =
	    page->v[CHARGER].type == BB_TEXT && bb_parse_int(page->v[CHARGER].s, &id) ? bb_i64(id)
										      : bb_null();
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = page;
	return read_page(r, p, page);
}

int transaction_list(struct bb_call *call, void *self)
{
	return list(self, call, NULL);
}

int transaction_list_of_user(struct bb_call *call, void *self)
{
	struct transactions *p = self;
	const char *id = p->api->attr(call, "id"), *own = p->api->attr(call, "user_id");
	if (!strcmp(p->api->attr(call, "role"), "user") && (!own || strcmp(own, id) != 0)) {
		p->api->fail(call, "404", "there is no such user");
		return BB_DONE;
	}
	return list(p, call, id);
}

/* GET /api/admin/chargers and /api/admin/chargers/{id}. */
#include "chargers.h"

/* Rows are one per connector, so the page is counted in chargers. */
static void show_list(struct bb_rest *r, const struct bb_rows *rows)
{
	int64_t limit = *(int64_t *)r->arg, last = 0;
	struct bb_builder items = bb_build(r->arena);
	uint32_t row = 0;
	while (row < rows->rows && items.count < limit) {
		last = bb_cell_int(rows, row, 0, 0);
		bb_push(&items, *live_charger(r->self, r->arena, rows, &row));
	}
	const char *next = row < rows->rows ? bb_printf(r->arena, "%lld", (long long)last) : NULL;
	bb_rest_done(r, bb_page_of(r->arena, bb_build_array(&items), next));
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
	int64_t *limit = bb_alloc(p->api->arena(call), sizeof *limit);
	if (!bb_filters(p->api, call, filters, 6, &v[1], limit))
		return BB_DONE;
	v[0] = bb_text(p->api->attr(call, "operator_id"));
	v[7] = bb_i64(*limit + 1);
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = limit;
	return bb_rest_read(r, p->q[Q_CHARGER_LIST], 8, v, show_list);
}

int charger_get(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	return bb_rest_find(p->api, p->me, call, p, "charger", p->q[Q_CHARGER_GET], live_show_one,
			    NULL);
}

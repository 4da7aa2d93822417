/* Bulk commands as JSON. */
#include <busbar/secrets.h>

#include "bulk.h"

static void put_row(struct bb_builder *b, const struct bb_api *api, const struct bb_rows *r,
		    uint32_t row, uint32_t from)
{
	for (uint32_t c = from; c < r->columns; c++) {
		const struct bb_val *v = bb_cell(r, row, c);
		const char *name = bb_strdup(b->arena, r->names[c]);
		bool is_json = !strcmp(name, "payload") || !strcmp(name, "selection");
		const struct bb_json value =
		    is_json ? bb_cell_parsed(api, b->arena, v) : bb_cell_json(b->arena, v);
		bb_put(b, name, is_json ? *bb_secrets_hidden(b->arena, &value) : value);
	}
}

struct shown {
	const char *id;
	struct bb_builder row;
};

const struct bb_json *bulk_counts(struct bb_arena *a, const struct bb_rows *rows,
				  int64_t *ret_total)
{
	struct bb_builder counts = bb_build(a);
	*ret_total = 0;
	for (uint32_t i = 0; i < rows->rows; i++) {
		int64_t n = bb_cell_int(rows, i, 1, 0);
		bb_put_int(&counts, bb_strdup(a, bb_cell_text(rows, i, 0)), n);
		*ret_total += n;
	}
	return bb_build_object(&counts);
}

static void on_counts(struct bb_rest *r, const struct bb_rows *rows)
{
	struct shown *s = r->arg;
	int64_t total;
	const struct bb_json *counts = bulk_counts(r->arena, rows, &total);
	bb_put_int(&s->row, "total", total);
	bb_put_json(&s->row, "counts", counts);
	bb_rest_done(r, bb_build_object(&s->row));
}

static void on_row(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bulk *p = r->self;
	struct shown *s = r->arg;
	s->row = bb_build(r->arena);
	put_row(&s->row, r->api, rows, 0, 0);
	const struct bb_val id = bb_text(s->id);
	bb_rest_read(r, p->q[Q_COUNTS], 1, &id, on_counts);
}

void bulk_show(struct bb_rest *r, const char *id)
{
	const struct bulk *p = r->self;
	struct shown *s = bb_zalloc(r->arena, sizeof *s);
	s->id = id;
	r->arg = s;
	const struct bb_val v[] = {bb_text(id), bb_text(r->api->attr(r->call, "operator_id"))};
	bb_rest_one(r, "bulk command", p->q[Q_GET], 2, v, on_row);
}

int bulk_get(struct bb_call *call, void *self)
{
	struct bulk *p = self;
	bulk_show(bb_rest_later(p->api, p->me, call, p), p->api->attr(call, "id"));
	return BB_LATER;
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct bulk *p = arg;
	struct bb_builder b = bb_build(a);
	put_row(&b, p->api, r, row, 1);
	return bb_build_object(&b);
}

int bulk_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"action", BB_BY_TEXT}, {"cursor", BB_BY_TEXT, bb_is_id}};
	struct bulk *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters,
			    sizeof filters / sizeof *filters, item);
}

static void on_bulk_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bulk *p = r->self;
	(void)rows;
	bb_list_read(r, r->arg, p->q[Q_CHARGERS], NULL, NULL);
}

int bulk_chargers(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"state", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct bulk *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 2);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "id"));
	list->v[1] = bb_text(p->api->attr(call, "operator_id"));
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = list;
	return bb_rest_one(r, "bulk command", p->q[Q_GET], 2, list->v, on_bulk_found);
}

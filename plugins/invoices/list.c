/* GET /api/admin/invoices and one of them. */
#include "invoices.h"

static void put_columns(struct bb_builder *b, const struct bb_rows *r, uint32_t row, uint32_t from)
{
	for (uint32_t c = from; c < r->columns; c++)
		if (!strcmp(r->names[c], "cancelled"))
			bb_put_bool(b, "cancelled", bb_cell_int(r, row, c, 0) != 0);
		else if (strcmp(r->names[c], "content") != 0)
			bb_put_column(b, r, row, c);
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	(void)arg;
	put_columns(&b, r, row, 1);
	return bb_build_object(&b);
}

int invoice_list_of(struct bb_call *call, struct invoices *p, const char *user_id)
{
	/* The first two parameters are the operator and, if the route says whose, the user. */
	static const struct bb_filter filters[] = {
	    {"user_id", BB_BY_TEXT}, {"kind", BB_BY_TEXT},      {"month", BB_BY_TEXT},
	    {"number", BB_BY_TEXT},  {"refers_to", BB_BY_TEXT}, {"transaction_id", BB_BY_INT},
	    {"from", BB_BY_TIME},    {"to", BB_BY_TIME},        {"cursor", BB_BY_TEXT, bb_is_id}};
	uint32_t own = user_id ? 2 : 1;
	struct bb_list *list = bb_list_new(p->api, call, p, own, filters + own - 1,
					   sizeof filters / sizeof *filters - own + 1);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	if (user_id)
		list->v[1] = bb_text(user_id);
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_LIST], item, p);
}

int invoice_list(struct bb_call *call, void *self)
{
	return invoice_list_of(call, self, NULL);
}

const struct bb_json *invoice_json(const struct invoices *p, struct bb_arena *a,
				   const struct bb_rows *r, uint32_t row)
{
	struct bb_builder b = bb_build(a);
	put_columns(&b, r, row, 0);
	struct bb_json content = bb_cell_parsed(p->api, a, bb_cell(r, row, r->columns - 1));
	for (uint32_t i = 0; i < bb_json_count(&content); i++)
		bb_put(&b, content.members[i].key, content.members[i].value);
	return bb_build_object(&b);
}

void invoice_show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, invoice_json(r->self, r->arena, rows, 0));
}

void invoice_find(struct bb_rest *r, const char *id, const char *operator_id, bb_rest_fn *step)
{
	const struct invoices *p = r->self;
	const struct bb_val v[] = {bb_text(id), bb_text(operator_id)};
	bb_rest_one(r, "invoice", p->q[Q_GET], 2, v, step);
}

void invoice_answer(struct bb_rest *r, const char *id, int status)
{
	r->api->set_status(r->call, status);
	r->api->set_header(r->call, "location", bb_printf(r->arena, "/api/admin/invoices/%s", id));
	invoice_find(r, id, NULL, invoice_show);
}

struct bb_rest *invoice_begin(struct bb_call *call, struct invoices *p, bb_rest_fn *step)
{
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	invoice_find(r, p->api->attr(call, "id"), p->api->attr(call, "operator_id"), step);
	return r;
}

int invoice_get(struct bb_call *call, void *self)
{
	invoice_begin(call, self, invoice_show);
	return BB_LATER;
}

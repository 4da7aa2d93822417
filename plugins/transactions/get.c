/* One transaction: with its price lines, and its meter values. */
#include "transactions.h"

struct shown {
	struct bb_builder b;
	struct bb_val id;
};

static void with_parts(struct bb_rest *r, const struct bb_rows *rows)
{
	struct shown *t = r->arg;
	struct bb_builder parts = bb_build(r->arena);
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder part = bb_build(r->arena);
		bb_put_row(&part, rows, i, 0);
		bb_push(&parts, *bb_build_object(&part));
	}
	bb_put_json(&t->b, "price_parts", bb_build_array(&parts));
	bb_rest_done(r, bb_build_object(&t->b));
}

static void with_lines(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct transactions *p = r->self;
	struct shown *t = r->arg;
	struct bb_builder lines = bb_build(r->arena);
	uint32_t amount = rows->columns - 2;
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder line = bb_build(r->arena);
		for (uint32_t c = 0; c < amount; c++)
			bb_put(&line, bb_strdup(r->arena, rows->names[c]),
			       bb_cell_json(r->arena, bb_cell(rows, i, c)));
		bb_put(&line, "amount",
		       bb_money_json(r->arena, bb_cell(rows, i, amount),
				     bb_cell(rows, i, amount + 1)));
		bb_push(&lines, *bb_build_object(&line));
	}
	bb_put_json(&t->b, "price_lines", bb_build_array(&lines));
	bb_rest_read(r, p->q[Q_PRICE_PARTS], 1, &t->id, with_parts);
}

static void with_transaction(struct bb_rest *r, const struct bb_rows *rows)
{
	struct transactions *p = r->self;
	struct shown *t = bb_alloc(r->arena, sizeof *t);
	*t = (struct shown){bb_build(r->arena), *bb_cell(rows, 0, 0)};
	transaction_put(r->api, &t->b, rows, 0);
	r->arg = t;
	bb_rest_read(r, p->q[Q_PRICE_LINES], 1, bb_cell(rows, 0, 0), with_lines);
}

int transaction_get(struct bb_call *call, void *self)
{
	struct transactions *p = self;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_GET], with_transaction,
			    NULL);
}

static const struct bb_json *sample(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				    void *arg)
{
	const struct bb_api *api = arg;
	struct bb_builder b = bb_build(a);
	uint32_t last = r->columns - 1;
	for (uint32_t c = 1; c < last; c++)
		bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, bb_cell(r, row, c)));
	bb_put(&b, "sample", bb_cell_parsed(api, a, bb_cell(r, row, last)));
	return bb_build_object(&b);
}

static void with_samples(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct transactions *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_METER_VALUES], sample, (void *)r->api);
}

int transaction_meter_values(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct transactions *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	if (!list)
		return BB_DONE;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_GET], with_samples, list);
}

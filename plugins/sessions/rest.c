/* Running sessions over REST: what they cost so far; and those that were cut off. */
#include "sessions.h"

static void answer(struct bb_rest *r, const struct bb_running_price *p)
{
	static const char *const members[] = {"transaction_id", "started_at", "duration_s",
					      "charging_s",     "idle_s",     "energy_wh"};
	struct bb_builder b = bb_build(r->arena), price = bb_build(r->arena);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&b, members[i], bb_json_get(p->session, members[i]));
	bb_put(&b, "power_w", p->power_w < 0 ? bb_json_make_null() : bb_json_make_int(p->power_w));
	if (p->bill) {
		bb_put_json(&price, "amount_minor", bb_json_get(p->bill, "total_minor"));
		bb_put_json(&price, "currency", bb_json_get(p->bill, "currency"));
		bb_put_json(&b, "price_so_far", bb_build_object(&price));
	} else {
		bb_put_json(&b, "price_so_far", NULL);
	}
	bb_put_json(&b, "lines", p->bill ? bb_json_get(p->bill, "lines") : NULL);
	bb_put_str(&b, "price_error", p->error);
	bb_rest_done(r, bb_build_object(&b));
}

static void on_price(int err, const struct bb_running_price *p, void *arg)
{
	struct bb_rest *r = arg;
	if (!err)
		answer(r, p);
	else if (err == -ENOENT)
		bb_rest_fail(r, "409", "the transaction is over");
	else if (err == -EBUSY)
		bb_rest_fail(r, "409", "it is in doubt whether the transaction goes on");
	else
		bb_rest_storage_failed(r, err);
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct sessions *p = r->self;
	p->tariffs->price_running(bb_cell_int(rows, 0, 0, 0), on_price, r);
}

int session_running(struct bb_call *call, void *self)
{
	struct sessions *p = self;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_FIND], found, NULL);
}

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	uint32_t price = r->columns - 2;
	struct bb_builder b = bb_build(a);
	(void)arg;
	for (uint32_t c = 1; c < price; c++)
		bb_put_column(&b, r, row, c);
	bb_put(&b, "price_so_far",
	       bb_money_json(a, bb_cell(r, row, price), bb_cell(r, row, price + 1)));
	return bb_build_object(&b);
}

int cut_off_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"charger", BB_BY_TEXT},    {"user", BB_BY_TEXT}, {"state", BB_BY_TEXT},
	    {"transaction", BB_BY_INT}, {"from", BB_BY_TIME}, {"to", BB_BY_TIME},
	    {"cursor", BB_BY_INT},
	};
	struct sessions *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters,
			    sizeof filters / sizeof *filters, item);
}
